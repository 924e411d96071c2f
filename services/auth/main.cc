// usher-auth: who may sign in, with what, and the tokens that say so.
#include <utility>

#include "common/rpc/peer/peer.h"
#include "common/server/foundation.h"
#include "common/server/run_main.h"
#include "common/server/tenant_data_rpc.h"
#include "common/status/try.h"
#include "services/auth/auth_internal_rpc.h"
#include "services/auth/auth_options.h"
#include "services/auth/auth_rpc.h"
#include "services/auth/bootstrap.h"
#include "services/auth/company_internal_rpc.h"
#include "services/auth/company_switch/pg_link_store.h"
#include "services/auth/housekeeping.h"
#include "services/auth/invitation/pg_invitation_store.h"
#include "services/auth/key_rpc.h"
#include "services/auth/local_auth_source.h"
#include "services/auth/method/known_companies.h"
#include "services/auth/method/peer_room_directory.h"
#include "services/auth/method/pg_known_company_store.h"
#include "services/auth/method/pg_known_user_store.h"
#include "services/auth/method/pg_method_store.h"
#include "services/auth/method/pg_revocation_store.h"
#include "services/auth/migrations.h"
#include "services/auth/peer_company_founder.h"
#include "services/auth/session/pg_session_store.h"

namespace usher::auth {
namespace {

// One connection, which nobody else can take: revocations are heard of whatever calls do.
db::PoolOptions FeedPool(db::PoolOptions options) {
  options.connections = 1;
  return options;
}

absl::Status Serve(const server::Options& options) {
  ASSIGN_OR_RETURN(const AuthOptions own, ReadAuthOptions());
  ASSIGN_OR_RETURN(const Pepper pepper, LoadPepper(own));
  ASSIGN_OR_RETURN(auto keys, LoadSigningKeys(own));
  ASSIGN_OR_RETURN(auto retired_keys, LoadRetiredKeys(own));
  server::Options sized = options;
  sized.lanes.hash_threads = HashingCalls(own.vault);
  sized.lanes.hash_queue = own.vault.queue;
  ASSIGN_OR_RETURN(const auto base, server::Foundation::Open(sized, db::WithShared(Migrations())));
  const Clock& clock = base->clock();
  rpc::Peer room("room", options.peers.room, options.internal_tls, {.registry = &base->registry()});
  rpc::Peer company("company", options.peers.company, options.internal_tls,
                    {.registry = &base->registry()});
  const token::TokenSigner signer(std::move(keys), clock);
  db::Pool feed_pool(FeedPool(options.pool));
  PgMethodStore method_store(base->pool());
  PgKnownUserStore user_store(base->pool());
  PgRevocationStore revocation_store(base->pool());
  PgRevocationStore feed_store(feed_pool);
  PgSessionStore session_store(base->pool());
  SecretVaultOptions hashing = own.vault;
  hashing.room_changed = [&base](size_t room) { base->lanes().hash.SetCapacity(room); };
  SecretVault vault(pepper, hashing);
  PeerRoomDirectory rooms(room);
  const RefreshTokens refresh_tokens(pepper);
  const SessionSigner session_signer(signer, own.lifetimes);
  SessionOpening opening(session_store, clock, own.session_bounds, own.lifetimes.refresh);
  MethodUses uses(session_store);
  SignIn sign_in(method_store, vault, opening, refresh_tokens, session_signer, base->revocations(),
                 uses);
  Renewal renewal(method_store, user_store, session_store, refresh_tokens, session_signer,
                  base->verifier(), base->revocations(), clock, std::move(retired_keys));
  PgLinkStore link_store(base->pool());
  CompanySwitch company_switch(method_store, link_store, session_store, opening, refresh_tokens,
                               session_signer, base->verifier(), base->revocations());
  PgInvitationStore invitation_store(base->pool());
  Invitations invitations(invitation_store, method_store, session_store, vault, signer,
                          own.lifetimes.activation);
  Tokens tokens(session_store, signer, clock, own.lifetimes);
  Methods methods(method_store, user_store, vault, rooms, base->revocations(), clock);
  KnownUsers users(user_store, vault, methods, base->revocations(), clock);
  PgKnownCompanyStore company_store(base->pool());
  KnownCompanies companies(company_store, methods, base->revocations());
  PeerCompanyFounder founder(company);
  LocalAuthSource source(signer, feed_store, base->feed_state(), clock);
  rpc::Gate& gate = base->gate();
  AuthRpc auth_rpc(gate, sign_in, renewal, company_switch, invitations, tokens, methods, founder);
  KeyRpc key_rpc(gate, signer);
  AuthInternalRpc internal_rpc(gate, users, tokens, source);
  CompanyInternalRpc company_rpc(gate, companies);
  server::TenantDataRpc data_rpc(gate, [&companies](const CallContext& call, const CompanyId& id) {
    return companies.Clear(call, id);
  });
  Housekeeping housekeeping(session_store, uses, revocation_store, company_store, clock,
                            &base->registry());
  housekeeping.Start();
  return base->ServeUntilStopped(source,
                                 {&auth_rpc, &key_rpc, &internal_rpc, &company_rpc, &data_rpc});
}

}  // namespace
}  // namespace usher::auth

int main(int argc, char** argv) {
  return usher::server::RunMain(argc, argv,
                                {.service = "auth",
                                 .migrations = usher::auth::Migrations(),
                                 .serve = usher::auth::Serve,
                                 .bootstrap = usher::auth::Bootstrap});
}
