//! stub
use gatepass_agent::Notice;

use crate::NoticeForPeople;

pub(crate) fn notice(notice: &Notice) -> NoticeForPeople {
    NoticeForPeople { title: String::new(), body: String::new(), profile: notice.profile.to_string() }
}
