#include "services/user/bootstrap.h"

#include <memory>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "common/base/log.h"
#include "common/db/migrator.h"
#include "common/saga/saga.h"
#include "common/status/try.h"
#include "services/user/migrations.h"
#include "services/user/peer_auth_directory.h"
#include "services/user/peer_user_traces.h"
#include "services/user/pg_user_store.h"
#include "services/user/user_options.h"
#include "services/user/user_sagas.h"
#include "services/user/users.h"

namespace usher::user {
namespace {

constexpr absl::Duration kLongestBootstrap = absl::Seconds(30);

absl::StatusOr<UserKey> KeyOf(const server::Options& options, const UserOptions& wish) {
  UserKey key;
  key.company = wish.bootstrap_company_id.empty() ? options.gate.operator_company
                                                  : CompanyId(wish.bootstrap_company_id);
  if (!IsCompanySlug(key.company.value())) {
    return absl::InvalidArgumentError("--bootstrap_company_id is not a company ID");
  }
  const std::optional<std::string> id = CanonicalUuid(wish.bootstrap_user_id);
  if (!id.has_value()) {
    return absl::InvalidArgumentError(
        "--bootstrap_user_id is not a user ID; usher-auth --bootstrap printed it as userId");
  }
  key.user = UserId(*id);
  return key;
}

absl::StatusOr<UserChange> DraftOf(const UserOptions& wish) {
  UserChange draft;
  ASSIGN_OR_RETURN(draft.profile.firstname,
                   text::Name("--bootstrap_firstname", wish.bootstrap_firstname));
  ASSIGN_OR_RETURN(draft.email, text::OptionalEmail("--bootstrap_email", wish.bootstrap_email));
  return draft;
}

void Say(absl::string_view what, const UserKey& key) {
  log::Info(what, {{"company", key.company.value()}, {"user", key.user.value()}});
}

}  // namespace

absl::Status Bootstrap(const server::Options& options) {
  const UserOptions wish = ReadUserOptions();
  ASSIGN_OR_RETURN(const UserKey key, KeyOf(options, wish));
  ASSIGN_OR_RETURN(const UserChange draft, DraftOf(wish));
  if (options.internal_tls == nullptr) {
    return absl::InvalidArgumentError(
        "--bootstrap asks auth who the administrator is: set --internal_ca, "
        "--internal_certificate and --internal_key, and --auth_internal");
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<db::Pool> pool, db::Pool::Open(options.pool));
  RETURN_IF_ERROR(db::RequireCurrentSchema(*pool, db::WithShared(Migrations())));
  rpc::Peer auth("auth", options.peers.auth, options.internal_tls);
  PgUserStore store(*pool);
  PeerAuthDirectory directory(auth);
  PeerUserTraces nobody_is_removed(nullptr, nullptr);
  UserSagas sagas(store, directory, nobody_is_removed, saga::LeaseFor(kLongestBootstrap));
  Users users(store, sagas, directory);

  CallContext call;
  call.rpc = "user.bootstrap";
  call.request_id = "bootstrap";
  call.company = key.company;
  call.deadline = absl::Now() + kLongestBootstrap;
  const absl::StatusOr<bool> made = users.EnsureProfile(call, key.user, draft);
  if (saga::SaysNotFound(made.status())) {
    Say("no profile made: auth knows no such user", key);
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(made.status());
  Say(*made ? "profile made" : "profile is there already", key);
  return absl::OkStatus();
}

}  // namespace usher::user
