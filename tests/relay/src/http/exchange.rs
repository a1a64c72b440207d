//! One request and its answer.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::orders::Order;
use super::{Fate, Point, Seen, Shared};
use crate::hold::Verdict;
use crate::lock;

/// More than any request here has. Only a client that is not under test gets there.
const MAX_HEAD: usize = 64 * 1024;
/// A server that was asked to close the connection after its answer, and does not, is not waited for.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);

/// Relays the one request of this connection.
pub(super) async fn relay(mut client: TcpStream, shared: &Shared) -> io::Result<()> {
    // What was written is on its way: a test that is told so must be able to believe it.
    client.set_nodelay(true)?;
    let Some(request) = Request::read(&mut client).await? else { return Ok(()) };
    let order = lock(&shared.orders).next(&request.path);
    let mut nth = 0;
    shared.seen.send_modify(|all| {
        nth = all.len();
        all.push(Seen { path: request.path.clone(), is_passed: false });
    });
    let mut stop = Stop::from(order);
    if let Stop::Say(answer) = &stop {
        return client.write_all(answer.as_bytes()).await;
    }
    if stop.point() == Some(Point::Request) {
        match stop.take_effect(&mut client).await? {
            Verdict::GoOn => {}
            Verdict::Cut => return Ok(()),
        }
    }
    let server = *lock(&shared.server);
    let Some(server) = server else { return client.set_zero_linger() };
    shared.seen.send_modify(|all| all[nth].is_passed = true);
    let answer = tokio::time::timeout(ANSWER_LIMIT, request.send_to(TcpStream::connect(server).await?)).await??;
    let passed = match stop.point() {
        Some(Point::Answer { permille }) => answer.len() * usize::from(permille.min(1000)) / 1000,
        Some(Point::Request) | None => 0,
    };
    client.write_all(&answer[..passed]).await?;
    if matches!(stop.point(), Some(Point::Answer { .. })) && stop.take_effect(&mut client).await? == Verdict::Cut {
        return Ok(());
    }
    client.write_all(&answer[passed..]).await?;
    client.shutdown().await
}

/// What stops this request, and where.
enum Stop {
    Nothing,
    Hold(Point, Option<crate::hold::Barrier>),
    Reset(Point),
    Hang(Point),
    Say(String),
}

impl From<Option<Order>> for Stop {
    fn from(order: Option<Order>) -> Self {
        match order {
            None => Self::Nothing,
            Some(Order::Hold(point, barrier)) => Self::Hold(point, Some(barrier)),
            Some(Order::Fate(Fate::Reset(point))) => Self::Reset(point),
            Some(Order::Fate(Fate::Hang(point))) => Self::Hang(point),
            Some(Order::Fate(Fate::Say(answer))) => Self::Say(answer),
        }
    }
}

impl Stop {
    fn point(&self) -> Option<Point> {
        match self {
            Self::Hold(point, _) | Self::Reset(point) | Self::Hang(point) => Some(*point),
            Self::Nothing | Self::Say(_) => None,
        }
    }

    /// The request has come to its point.
    async fn take_effect(&mut self, client: &mut TcpStream) -> io::Result<Verdict> {
        match self {
            Self::Hold(_, barrier) => {
                let verdict = match barrier.take() {
                    Some(barrier) => barrier.wait().await,
                    None => Verdict::GoOn,
                };
                if verdict == Verdict::Cut {
                    client.set_zero_linger()?;
                }
                Ok(verdict)
            }
            Self::Reset(_) => {
                // Makes the system send a reset where it would say goodbye.
                client.set_zero_linger()?;
                Ok(Verdict::Cut)
            }
            Self::Hang(_) => {
                // Until the client gives up.
                let _ = client.read(&mut [0]).await;
                Ok(Verdict::Cut)
            }
            Self::Nothing | Self::Say(_) => Ok(Verdict::GoOn),
        }
    }
}

/// A request as it came.
struct Request {
    path: String,
    head: String,
    body: Vec<u8>,
}

impl Request {
    /// Reads one; `None` where the connection ends before there is a whole one.
    async fn read(client: &mut TcpStream) -> io::Result<Option<Self>> {
        let mut read = Vec::new();
        let end_of_head = loop {
            if let Some(at) = read.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            if read.len() > MAX_HEAD || client.read_buf(&mut read).await? == 0 {
                return Ok(None);
            }
        };
        let mut body = read.split_off(end_of_head);
        let head = String::from_utf8(read).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
        let length = header(&head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        while body.len() < length {
            if client.read_buf(&mut body).await? == 0 {
                return Ok(None);
            }
        }
        let target = head.split(' ').nth(1).unwrap_or_default();
        let path = target.split('?').next().unwrap_or_default().to_owned();
        Ok(Some(Self { path, head, body }))
    }

    /// Sends it with the wish that the connection be closed after the answer, and reads until that happens.
    async fn send_to(&self, mut server: TcpStream) -> io::Result<Vec<u8>> {
        let mut lines = self.head.trim_end().split("\r\n");
        let mut head = format!("{}\r\nConnection: close\r\n", lines.next().unwrap_or_default());
        for line in lines.filter(|line| !line.to_ascii_lowercase().starts_with("connection:")) {
            head += line;
            head += "\r\n";
        }
        head += "\r\n";
        server.write_all(head.as_bytes()).await?;
        server.write_all(&self.body).await?;
        let mut answer = Vec::new();
        server.read_to_end(&mut answer).await?;
        Ok(answer)
    }
}

fn header<'a>(head: &'a str, wanted: &str) -> Option<&'a str> {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find_map(|(name, value)| name.eq_ignore_ascii_case(wanted).then(|| value.trim()))
}
