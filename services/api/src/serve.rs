//! Serving on a listener until the shutdown.

use std::net::SocketAddr;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{ApiParts, ApiState, router};

/// Serves until `cancel`; requests under way are finished, live events end with [`ApiParts::shutdown`].
///
/// The address of who connects is passed on: it limits logins and opens `/metrics` to the machine itself.
///
/// # Errors
/// When the listener fails for good.
pub async fn serve(listener: TcpListener, parts: ApiParts, cancel: CancellationToken) -> std::io::Result<()> {
    let service = router(ApiState::new(parts)).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(cancel.cancelled_owned()).await
}
