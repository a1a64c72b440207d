//! The environment, put in order before anything reads it and before there is a second thread.

/// Lets a test drive the webview. WebKit and Tauri read it at any time, in release builds too.
const AUTOMATION: &str = "TAURI_WEBVIEW_AUTOMATION";

/// Takes the WebDriver switch away unless this build is for tests, and works around WebKit's blank windows on Nvidia's
/// driver.
pub fn prepare() {
    if !cfg!(feature = "automation") {
        remove(AUTOMATION);
    }
    // https://github.com/tauri-apps/tauri/issues/9304
    const DMABUF: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if cfg!(target_os = "linux")
        && std::env::var_os(DMABUF).is_none()
        && std::path::Path::new("/proc/driver/nvidia").exists()
    {
        set(DMABUF, "1");
    }
}

#[allow(unsafe_code, reason = "the environment can only be changed while nobody else can read it")]
fn remove(name: &str) {
    // SAFETY: `prepare` is called by `main` before anything that could start a thread, so this is the only thread.
    unsafe { std::env::remove_var(name) }
}

#[allow(unsafe_code, reason = "the environment can only be changed while nobody else can read it")]
fn set(name: &str, value: &str) {
    // SAFETY: as in `remove`.
    unsafe { std::env::set_var(name, value) }
}
