// What usher-auth is made of, a list for each layer: what it was told, where it keeps things, whom
// it asks, what it knows how to do (a part for each thing of each wing, docs/adr/0026), the doors
// to that, and what goes on by itself. Each stands on the ones before, and outlives those behind
// it.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/rpc/peer/peer.h"
#include "common/server/foundation.h"
#include "common/server/tenant_data_rpc.h"
#include "services/auth/audit/pg_audit_store.h"
#include "services/auth/audit/refusal_queue.h"
#include "services/auth/audit_rpc.h"
#include "services/auth/auth_internal_rpc.h"
#include "services/auth/auth_options.h"
#include "services/auth/auth_rpc.h"
#include "services/auth/company_internal_rpc.h"
#include "services/auth/company_switch/pg_link_store.h"
#include "services/auth/directory/configured_directories.h"
#include "services/auth/directory/directory_checks.h"
#include "services/auth/directory/directory_options.h"
#include "services/auth/directory/peer_profiles.h"
#include "services/auth/directory/pg_directory_store.h"
#include "services/auth/housekeeping.h"
#include "services/auth/invitation/pg_invitation_store.h"
#include "services/auth/key/key_watch.h"
#include "services/auth/key/pg_key_store.h"
#include "services/auth/key_rpc.h"
#include "services/auth/local_auth_source.h"
#include "services/auth/mail/mail_options.h"
#include "services/auth/mail/peer_recipients.h"
#include "services/auth/mail/pg_mail_store.h"
#include "services/auth/method/known_companies.h"
#include "services/auth/method/peer_room_directory.h"
#include "services/auth/method/pg_known_company_store.h"
#include "services/auth/method/pg_known_user_store.h"
#include "services/auth/method/pg_method_store.h"
#include "services/auth/method/pg_revocation_store.h"
#include "services/auth/peer_company_founder.h"
#include "services/auth/reset/pg_reset_store.h"
#include "services/auth/reset/reset_options.h"
#include "services/auth/session/pg_session_store.h"
#include "services/auth/session_rpc.h"
#include "services/auth/throttle/pg_throttle_store.h"

namespace usher::auth {

struct Config {
  AuthOptions own;
  DirectoryOptions directories;
  MailOptions mail;
  PasswordResetOptions resets;
  Pepper pepper;
  KeyFolder keys;
};

// Flags, and the files that they name. kInvalidArgument with one line for a person.
absl::StatusOr<Config> ReadConfig();

// One connection, which nobody else can take: revocations are heard of whatever calls do.
db::PoolOptions FeedPool(db::PoolOptions options);
// With lanes as wide as there is memory for hashing, and as directories are waited for.
server::Options SizedFor(const Config& config, server::Options options);
SecretVaultOptions Hashing(const SecretVaultOptions& vault, server::Foundation& base);

struct Stores {
  server::Foundation& base;
  db::Pool feed_pool{FeedPool(base.options().pool)};
  PgMethodStore methods{base.pool()};
  PgKnownUserStore users{base.pool()};
  PgKnownCompanyStore companies{base.pool()};
  PgRevocationStore revocations{base.pool()};
  PgRevocationStore feed{feed_pool};
  PgSessionStore sessions{base.pool()};
  PgLinkStore links{base.pool()};
  PgDirectoryStore directories{base.pool()};
  PgInvitationStore invitations{base.pool()};
  PgResetStore resets{base.pool()};
  PgMailStore mails{base.pool()};
  PgThrottleStore guesses{base.pool()};
  PgAuditStore audit{base.pool()};
  PgKeyStore keys{base.pool()};
};

struct Peers {
  server::Foundation& base;
  rpc::Peer room = To("room", base.options().peers.room);
  rpc::Peer user = To("user", base.options().peers.user);
  rpc::Peer company = To("company", base.options().peers.company);

  rpc::Peer To(const char* name, const std::string& address) const {
    return rpc::Peer(name, address, base.options().internal_tls, {.registry = &base.registry()});
  }
};

struct Wings {
  Config& config;
  server::Foundation& base;
  Stores& stores;
  Peers& peers;

  const Clock& clock = base.clock();
  token::Revocations& revocations = base.revocations();

  // key/
  token::TokenSigner signer{config.keys.keys().active, clock};
  token::KeyRing retired_keys;
  KeyWatch keys{config.keys,   config.own.pepper,
                config.pepper, {signer, retired_keys, base.keys()},
                stores.keys,   base.options().gate.operator_company,
                clock,         base.registry()};

  // audit/, throttle/, secret/
  RefusalQueue refusals{stores.audit, base.registry()};
  AuditTrail audit_trail{stores.audit};
  GuessThrottle throttle{stores.guesses, refusals, config.pepper, config.own.guesses};
  SecretVault vault{config.pepper, Hashing(config.own.vault, base)};

  // mail/, method/
  const InvitationPost post{config.pepper, config.mail.link_bases,
                            !config.mail.smtp.server.empty()};
  PeerRoomDirectory rooms{peers.room};
  Methods methods{stores.methods, stores.users, vault, rooms, revocations, clock, throttle, post};
  KnownUsers users{stores.users, vault, methods, revocations, clock};
  KnownCompanies companies{stores.companies, methods, revocations};
  PeerCompanyFounder founder{peers.company};

  // session/
  const RefreshTokens refresh_tokens{config.pepper};
  const SessionSigner session_signer{signer, config.own.lifetimes};
  SessionOpening opening{stores.sessions, clock, config.own.session_bounds,
                         config.own.lifetimes.refresh};
  MethodUses uses{stores.sessions};
  SignIn sign_in{stores.methods, vault,       opening,  refresh_tokens,
                 session_signer, revocations, throttle, uses};
  Renewal renewal{stores.methods,  stores.users, stores.sessions, refresh_tokens, session_signer,
                  base.verifier(), revocations,  clock,           &retired_keys};
  Tokens tokens{stores.sessions, signer, clock, config.own.lifetimes};
  SignOut sign_out{stores.methods, stores.users, revocations, clock};

  // directory/
  ConfiguredDirectories directories{config.directories.file, &base.registry(), clock};
  DirectoryProving proving{directories, throttle};
  DirectoryPresence presence{directories, stores.directories, stores.methods, revocations};
  PeerProfiles profiles{peers.user};
  DirectorySignIn directory_sign_in{proving,  stores.methods, stores.directories, presence,
                                    profiles, sign_in,        throttle,           clock};

  // company_switch/, invitation/, reset/
  CompanySwitch company_switch{stores.methods, stores.links,   stores.sessions, opening,
                               refresh_tokens, session_signer, base.verifier(), revocations};
  Invitations invitations{
      stores.invitations, stores.methods, stores.sessions, vault,
      throttle,           proving,        signer,          config.own.lifetimes.activation};
  PasswordResets resets{stores.resets, stores.methods, stores.users, vault,        config.pepper,
                        revocations,   clock,          throttle,     config.resets};
};

struct Doors {
  server::Foundation& base;
  Stores& stores;
  Wings& wings;

  rpc::Gate& gate = base.gate();
  LocalAuthSource source{wings.signer, stores.feed, base.feed_state(), base.clock()};
  AuthRpc auth{gate,
               wings.sign_in,
               wings.renewal,
               wings.company_switch,
               wings.directory_sign_in,
               wings.invitations,
               wings.tokens,
               wings.methods,
               wings.founder,
               wings.throttle,
               wings.resets,
               OptionalCallers(base.verifier(), base.options().gate.operator_company)};
  KeyRpc key{gate, wings.signer};
  AuditRpc audit{gate, wings.audit_trail};
  SessionRpc session{gate, wings.sign_out};
  AuthInternalRpc internal{gate, wings.users, wings.tokens, source};
  CompanyInternalRpc company{gate, wings.companies};
  server::TenantDataRpc data{gate, [this](const CallContext& call, const CompanyId& id) {
                               return wings.companies.Clear(call, id);
                             }};

  std::vector<rpc::Service*> All() {
    return {&auth, &key, &audit, &session, &internal, &company, &data};
  }
};

struct Rounds {
  const Config& config;
  server::Foundation& base;
  Stores& stores;
  Peers& peers;
  Wings& wings;
  const std::unique_ptr<SmtpTransport> mail_server;  // null where mail is switched off

  Housekeeping housekeeping{stores.sessions,  wings.uses,     stores.revocations,
                            stores.companies, stores.guesses, config.own.guesses.most_rows,
                            stores.resets,    base.clock(),   &base.registry()};
  DirectoryChecks directory_checks{wings.presence, base.clock(), &base.registry()};
  PeerRecipients recipients{peers.user, peers.company};
  MailSender mail{stores.mails,
                  recipients,
                  mail_server.get(),
                  MailSeal(config.pepper),
                  base.clock(),
                  config.mail.sender,
                  {{MailKind::kPasswordReset,
                    [this](const CallContext& call, const MailDraft& draft) {
                      return wings.resets.IsStillWanted(call, draft);
                    }}},
                  &base.registry()};

  void Start() {
    base.AlsoOnHangup([this] { wings.keys.ReadAgain(); });
    wings.keys.Start();
    wings.refusals.Start();
    housekeeping.Start();
    directory_checks.Start();
    mail.Start();
  }
};

}  // namespace usher::auth
