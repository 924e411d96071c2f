#include "services/auth/directory/directory_sign_in.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method/method_errors.h"
#include "services/auth/session/sign_in_errors.h"

namespace usher::auth {
namespace {

constexpr int kMostAttempts = 4;
// Whoever comes for the first time does not wait for a user service that hangs.
constexpr absl::Duration kLongestProfile = absl::Seconds(1);

constexpr char kWhat[] = "sign-in by directory";

MethodKey KeyOf(const DirectoryGrant& grant) {
  return {KeyType::kLdap, PrincipalKey(KeyType::kLdap, grant.proof.username)};
}

// Whether the account is that person's, as far as it is known whose it is.
bool IsTheirs(const Method& method, const DirectoryPerson& person) {
  return method.sealed_secret.empty() || method.sealed_secret == person.id;
}

// Whether somebody whom the directory has recognised may come in.
bool MayEnter(const std::optional<MethodStanding>& standing, const Recognised& recognised) {
  if (!standing.has_value()) return recognised.rules.provision;
  if (IsTheirs(standing->method, recognised.person)) return true;
  log::Warning(
      "somebody has the name of another entry of the directory, whose account it is",
      {{"company", standing->method.company.value()}, {"user", standing->method.user.value()}});
  return false;
}

}  // namespace

absl::StatusOr<SignedIn> DirectorySignIn::Enter(const CallContext& call,
                                                const DirectoryGrant& grant) {
  Standing standing;
  if (!grant.company.empty()) {
    ASSIGN_OR_RETURN(standing, methods_.FindMethod(call, grant.company, KeyOf(grant)));
  }
  const DirectoryProving::Question question = {
      .company = grant.company,
      .user = standing.has_value() ? standing->method.user : UserId(),
      .what = kWhat};
  ASSIGN_OR_RETURN(
      const Recognised recognised,
      proving_.Recognise(call, question, grant.proof, CredentialsRefused(),
                         [&](const Recognised& who) { return MayEnter(standing, who); }));
  for (int attempt = 1; attempt <= kMostAttempts; ++attempt) {
    ASSIGN_OR_RETURN(std::optional<SignedIn> signed_in,
                     TryToEnter(call, grant, recognised, standing));
    if (signed_in.has_value()) return *std::move(signed_in);
    ASSIGN_OR_RETURN(standing, methods_.FindMethod(call, grant.company, KeyOf(grant)));
    if (!MayEnter(standing, recognised)) return CredentialsRefused();
  }
  return ChangedMeanwhile();
}

absl::StatusOr<std::optional<SignedIn>> DirectorySignIn::TryToEnter(const CallContext& call,
                                                                    const DirectoryGrant& grant,
                                                                    const Recognised& recognised,
                                                                    const Standing& standing) {
  const std::optional<SignedIn> again;
  if (!standing.has_value()) {
    RETURN_IF_ERROR(Provision(call, grant, recognised));
    return again;
  }
  Method method = standing->method;
  const AccountStatus status = EffectiveStatus(*standing, standing->read_at);
  if (status != AccountStatus::kActivated) {
    if (IsAbsent(method) && status == method.status) {
      const absl::Status back = presence_.NoteBack(call, method);
      if (back.ok()) return again;
      if (!ReplyCodeOf(back).has_value()) return back;
    }
    const absl::Status inactive = AccountInactive(status);
    throttle_.NoteRefusal(call,
                          {.company = grant.company,
                           .principal = method.principal_key,
                           .user = method.user,
                           .what = kWhat},
                          inactive);
    return inactive;
  }
  if (method.sealed_secret.empty() && !recognised.person.id.empty()) {
    ASSIGN_OR_RETURN(const bool pinned,
                     store_.Pin(call, grant.company, method.key(), recognised.person.id));
    if (!pinned) return again;
    method.sealed_secret = recognised.person.id;
  }
  ASSIGN_OR_RETURN(
      std::optional<SignedIn> signed_in,
      sign_in_.Open(call, method,
                    {.wanted = grant.wanted, .longest = recognised.rules.longest_session}));
  if (signed_in.has_value()) EnsureProfile(call, method, recognised.person);
  return signed_in;
}

absl::Status DirectorySignIn::Provision(const CallContext& call, const DirectoryGrant& grant,
                                        const Recognised& recognised) {
  Method method;
  method.company = grant.company;
  method.key_type = KeyType::kLdap;
  method.principal = recognised.person.name;
  method.principal_key = KeyOf(grant).principal_key;
  method.user = UserId(NewUuid());
  method.sealed_secret = recognised.person.id;
  method.permissions = recognised.rules.permissions;
  const absl::Status made = methods_.InsertUserWithMethod(call, method).status();
  if (made.ok()) {
    log::Info("somebody of a directory has become a user", {{"company", grant.company.value()},
                                                            {"user", method.user.value()},
                                                            {"request_id", call.request_id}});
    return made;
  }
  // Somebody was quicker: the next look finds the user.
  if (ReplyCodeOf(made) == ::common::ACTION_INVALID) return absl::OkStatus();
  // The company is gone, or never was: like all that does not fit together.
  return ReplyCodeOf(made) == ::common::NOT_FOUND ? CredentialsRefused() : made;
}

// Whoever is signed in stays so, whether this works or not; it is tried again at the next sign-in.
void DirectorySignIn::EnsureProfile(const CallContext& call, const Method& method,
                                    const DirectoryPerson& person) {
  const absl::StatusOr<bool> has = store_.HasProfile(call, method.company, method.key());
  if (has.ok() && *has) return;
  CallContext brief = call;
  brief.deadline = std::min(call.deadline, clock_.Now() + kLongestProfile);
  absl::Status made = has.status();
  if (made.ok()) made = profiles_.Ensure(brief, method.company, method.user, person);
  if (made.ok()) made = store_.NoteProfile(call, method.company, method.key());
  if (made.ok()) return;
  log::Warning("the profile of somebody of a directory was not made",
               {{"company", method.company.value()},
                {"user", method.user.value()},
                {"request_id", call.request_id},
                {"error", made.message()}});
}

}  // namespace usher::auth
