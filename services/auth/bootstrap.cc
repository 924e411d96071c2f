#include "services/auth/bootstrap.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <iostream>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/clock.h"
#include "common/db/json.h"
#include "common/db/migrator.h"
#include "common/status/try.h"
#include "common/text/text_rules.h"
#include "common/token/key_file.h"
#include "services/auth/auth_options.h"
#include "services/auth/method/known_users.h"
#include "services/auth/method/pg_known_user_store.h"
#include "services/auth/method/pg_method_store.h"
#include "services/auth/migrations.h"
#include "services/auth/secret/made_code.h"
#include "services/auth/secret/pepper.h"
#include "services/auth/throttle/pg_throttle_store.h"

namespace usher::auth {
namespace {

constexpr size_t kPasswordSize = 18;  // bytes of chance: 24 characters
constexpr size_t kCodeSize = 32;      // 256 bits, which need no slow hash
constexpr absl::Duration kLongestBootstrap = absl::Seconds(30);

// Its methods are made by the platform, not by somebody who would have to see the rooms.
class NoRooms final : public RoomDirectory {
 public:
  absl::StatusOr<RoomRights> RightsInRoom(const Caller&, const RoomId&) override {
    return RoomRights();
  }
};

absl::Status EnsureSigningKey(const std::string& folder) {
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return absl::InvalidArgumentError(
        absl::StrCat("--signing_keys: cannot make ", folder, ": ", strerror(errno)));
  }
  const auto keys = token::LoadSigningKeys(folder);
  if (!absl::IsNotFound(keys.status())) return keys.status();
  return token::WriteSigningKey(token::MakeSigningKey(absl::Now()), absl::StrCat(folder, "/1.key"));
}

absl::StatusOr<Pepper> EnsurePepper(const std::string& path) {
  const absl::Status made = CreatePepperFile(path);
  if (!made.ok() && !absl::IsAlreadyExists(made)) return made;
  return LoadPepper(path);
}

absl::StatusOr<FirstMethods> FirstMethodsOf(const server::Options& options,
                                            const AuthOptions& wish) {
  const CompanyId& operator_company = options.gate.operator_company;
  FirstMethods first;
  first.company =
      wish.bootstrap_company_id.empty() ? operator_company : CompanyId(wish.bootstrap_company_id);
  if (!IsCompanySlug(first.company.value())) {
    return absl::InvalidArgumentError("--bootstrap_company_id is not a company ID");
  }
  ASSIGN_OR_RETURN(first.username,
                   text::Identifier("--bootstrap_username", wish.bootstrap_username));
  ASSIGN_OR_RETURN(first.client_id,
                   text::Identifier("--bootstrap_client_id", wish.bootstrap_client_id));
  first.password = RandomText(kPasswordSize);
  first.code = RandomText(kCodeSize);
  first.permissions = kCompanyAdministrator;
  if (first.company == operator_company) {
    first.permissions = first.permissions.Or(kPlatformPermissions);
  }
  return first;
}

void Print(const FirstMethods& first, const FirstUsers& users) {
  std::cout << db::ToJson({{"companyId", first.company.value()},
                           {"username", first.username},
                           {"password", std::string(first.password.Reveal())},
                           {"clientId", first.client_id},
                           {"code", std::string(first.code.Reveal())},
                           {"userId", users.administrator.value()},
                           {"clientUserId", users.api_client.value()}})
            << std::endl;
}

}  // namespace

absl::Status Bootstrap(const server::Options& options) {
  ASSIGN_OR_RETURN(const AuthOptions wish, ReadAuthOptions());
  ASSIGN_OR_RETURN(const std::unique_ptr<db::Pool> pool, db::Pool::Open(options.pool));
  RETURN_IF_ERROR(db::RequireCurrentSchema(*pool, db::WithShared(Migrations())));
  RETURN_IF_ERROR(EnsureSigningKey(wish.signing_keys));
  ASSIGN_OR_RETURN(const Pepper pepper, EnsurePepper(wish.pepper));
  ASSIGN_OR_RETURN(const FirstMethods first, FirstMethodsOf(options, wish));

  CallContext call;
  call.rpc = "auth.bootstrap";
  call.request_id = "bootstrap";
  call.deadline = absl::Now() + kLongestBootstrap;
  const SystemClock clock;
  PgMethodStore store(*pool);
  PgKnownUserStore user_store(*pool);
  SecretVault vault(pepper, wish.vault);
  NoRooms rooms;
  token::Revocations revocations;
  PgThrottleStore throttle_store(*pool);
  NothingRefused refusals;
  GuessThrottle throttle(throttle_store, refusals, pepper, wish.guesses);
  const InvitationPost post(pepper, LinkBases(), /*mails_are_sent=*/false);
  Methods methods(store, user_store, vault, rooms, revocations, clock, throttle, post);
  KnownUsers users(user_store, vault, methods, revocations, clock);
  ASSIGN_OR_RETURN(const std::optional<FirstUsers> made, users.MakeCompany(call, first));
  if (!made.has_value()) {
    return absl::AlreadyExistsError(
        absl::StrCat("company ", first.company.value(), " exists already; nothing was changed"));
  }
  Print(first, *made);
  return absl::OkStatus();
}

}  // namespace usher::auth
