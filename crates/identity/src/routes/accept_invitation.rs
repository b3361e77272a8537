//! `POST /invitations/accept`

use axum::{extract::State, response::IntoResponse};
use http_kit::{Authenticated, ClientIp, Json, ProblemResponses, Result};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{AuthResponse, authenticated};
use crate::{Acceptance, Identity, Transport};

/// The invitation, and who accepts it unless he is logged in.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AcceptInvitationRequest {
    /// What the link carries.
    token: String,
    /// What a new person wants to be called.
    #[schema(max_length = 120)]
    name: Option<String>,
    /// A new person's password, or that of the account with the invitation's e-mail.
    #[schema(value_type = Option<String>, format = Password, max_length = 256)]
    password: Option<SecretString>,
    /// How the tokens are carried; `bearer` if left out.
    transport: Option<Transport>,
}

/// Join an organisation by invitation
///
/// Who is logged in with the invitation's e-mail just joins. Who is not sends the password of the account with that
/// e-mail, or a name and a password for a new one.
#[utoipa::path(
    post,
    path = "/invitations/accept",
    operation_id = "acceptInvitation",
    tag = "members",
    security(()),
    request_body = AcceptInvitationRequest,
    responses((status = 200, description = "Joined and logged in.", body = AuthResponse), ProblemResponses),
)]
pub(super) async fn accept_invitation(
    State(identity): State<Identity>,
    caller: Option<Authenticated>,
    ClientIp(address): ClientIp,
    Json(request): Json<AcceptInvitationRequest>,
) -> Result<impl IntoResponse> {
    let caller = caller.map(|Authenticated(caller)| caller);
    let acceptance = Acceptance {
        token: request.token,
        name: request.name,
        password: request.password,
        transport: request.transport.unwrap_or(Transport::Bearer),
        address: Some(address),
    };
    let grant = identity
        .accept_invitation(caller.as_ref(), acceptance)
        .await?;
    Ok(authenticated(&identity, grant))
}
