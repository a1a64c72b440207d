//! A server that takes tokens and that we did not write: Apache with `mod_auth_openidc`, as a process of its own.

use std::net::TcpStream;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt};
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, bail, ensure};
use gatepass_fake_okta::FakeOkta;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::{eventually, free_port};

const APACHE: &str = "/usr/sbin/apache2";

/// Debian's Apache, with one page. It ends with this value.
pub struct ResourceServer {
    /// The address of its page, which answers with [`Self::PAGE`] to whom it lets in, and tells in the header `Seen-As`
    /// who that is.
    pub url: String,
    folder: TempDir,
    _process: Child,
}

impl ResourceServer {
    /// What its page says.
    pub const PAGE: &str = "the reports";

    /// Starts it with `rules`: an admin's configuration of `/reports` that names `okta` as `https://acme.okta.com`.
    pub async fn start(okta: &FakeOkta, rules: &str) -> anyhow::Result<Self> {
        let module = "/usr/lib/apache2/modules/mod_auth_openidc.so";
        ensure!(
            Path::new(APACHE).exists() && Path::new(module).exists(),
            "run script/bootstrap desktop first: Apache with mod_auth_openidc is not installed"
        );
        let folder = tempfile::Builder::new().prefix("gatepass-apache-").tempdir()?;
        let (port, tls_port) = (free_port(), free_port());
        let path = folder.path();
        let certified = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()])?;
        std::fs::write(path.join("certificate.pem"), certified.cert.pem())?;
        std::fs::write(path.join("key.pem"), certified.signing_key.serialize_pem())?;
        std::fs::set_permissions(path.join("key.pem"), PermissionsExt::from_mode(0o600))?;
        std::fs::create_dir_all(path.join("pages"))?;
        std::fs::write(path.join("pages/reports"), Self::PAGE)?;
        // Started by root it serves as somebody else, who has to get there.
        let as_whom = if path.metadata()?.uid() == 0 { "User www-data\nGroup www-data" } else { "" };
        std::fs::set_permissions(path, PermissionsExt::from_mode(0o755))?;
        let rules = rules
            .replace("JwksUri https://acme.okta.com", &format!("JwksUri https://127.0.0.1:{tls_port}"))
            .replace("https://acme.okta.com", okta.origin());
        let text = configuration(path, okta.origin(), (port, tls_port), as_whom, &rules);
        std::fs::write(path.join("apache.conf"), text)?;

        // In one process: when that is killed, nothing is left.
        let mut process = Command::new(APACHE)
            .arg("-X")
            .arg("-f")
            .arg(path.join("apache.conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(path.join("stderr"))?)
            .kill_on_drop(true)
            .spawn()
            .context("Apache does not start")?;
        let is_there = || [port, tls_port].iter().all(|port| TcpStream::connect(("127.0.0.1", *port)).is_ok());
        tokio::select! {
            () = eventually("Apache to listen", is_there) => {}
            ended = process.wait() => bail!("Apache ended: {}\n{}", ended?, said(path)),
        }
        Ok(Self { url: format!("http://127.0.0.1:{port}/reports"), folder, _process: process })
    }

    /// What it wrote about its decisions.
    pub fn said(&self) -> String {
        said(self.folder.path())
    }
}

/// The admin's `rules`, and around them what makes a server. The module takes keys over https alone, as Okta has them:
/// so the same process speaks TLS for the org too.
fn configuration(path: &Path, okta: &str, (port, tls_port): (u16, u16), as_whom: &str, rules: &str) -> String {
    let modules = ["mpm_event", "authn_core", "authz_core", "auth_openidc", "headers", "proxy", "proxy_http", "ssl"];
    let modules = modules.map(|name| format!("LoadModule {name}_module modules/mod_{name}.so\n")).concat();
    let here = path.display();
    format!(
        r#"ServerRoot "/usr/lib/apache2"
ServerName 127.0.0.1
{modules}
{as_whom}
DefaultRuntimeDir "{here}"
PidFile "{here}/pid"
ErrorLog "{here}/log"
LogLevel warn auth_openidc:info
Listen 127.0.0.1:{port}
Listen 127.0.0.1:{tls_port}
<VirtualHost 127.0.0.1:{port}>
DocumentRoot "{here}/pages"
OIDCCABundlePath "{here}/certificate.pem"
Header set Seen-As "expr=%{{REMOTE_USER}}"
{rules}
</VirtualHost>
<VirtualHost 127.0.0.1:{tls_port}>
SSLEngine on
SSLCertificateFile "{here}/certificate.pem"
SSLCertificateKeyFile "{here}/key.pem"
ProxyPass "/" "{okta}/"
</VirtualHost>
"#
    )
}

fn said(path: &Path) -> String {
    let read = |name: &str| std::fs::read_to_string(path.join(name)).unwrap_or_default();
    read("stderr") + &read("log")
}
