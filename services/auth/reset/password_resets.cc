#include "services/auth/reset/password_resets.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/access/require.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/reset/reset_errors.h"
#include "services/auth/secret/keyed_hash.h"

namespace usher::auth {
namespace {

// Rows that stand in for accounts that do not exist: as few as keep requests from waiting for each
// other, so that nobody can fill the table.
constexpr unsigned kNobodies = 1024;

MethodKey KeyOf(const std::string& username) {
  return {KeyType::kPassword, PrincipalKey(KeyType::kPassword, username)};
}

// LOCKED is what a reset lifts; anything else stands in its way.
AccountStatus WithoutLock(AccountStatus status) {
  return status == AccountStatus::kLocked ? AccountStatus::kActivated : status;
}

AccountStatus ObstacleOf(MethodStanding standing, absl::Time now) {
  standing.user_status = WithoutLock(standing.user_status);
  standing.method.status = WithoutLock(standing.method.status);
  return EffectiveStatus(standing, now);
}

bool IsGood(const PendingReset& reset, const ResetUse& use, const std::string& token_hash) {
  const bool same_token = SameHash(reset.token_hash, token_hash);
  return same_token && !reset.user.empty() && (use.user.empty() || use.user == reset.user);
}

// Random and long: nobody guesses one.
Guess GuessOf(const CompanyId& company, const std::string& username, const UserId& user,
              const char* what) {
  return {.company = company,
          .principal = KeyOf(username).principal_key,
          .user = user,
          .what = what,
          .can_be_guessed = false};
}

}  // namespace

PasswordResets::PasswordResets(ResetStore& store, MethodStore& methods, KnownUserStore& users,
                               SecretVault& vault, const Pepper& pepper,
                               token::Revocations& revocations, const Clock& clock,
                               GuessThrottle& throttle, PasswordResetOptions options)
    : store_(store),
      methods_(methods),
      users_(users),
      vault_(vault),
      tokens_(pepper),
      seal_(pepper),
      revocations_(revocations),
      clock_(clock),
      throttle_(throttle),
      options_(std::move(options)) {}

// What somebody who is not told may find out: nothing. Whoever is not found is found all the same,
// as one of the nobodies, and everything goes on as for others.
absl::StatusOr<ResetAnswer> PasswordResets::Request(const CallContext& call, const Caller* caller,
                                                    const ResetRequest& request) {
  ASSIGN_OR_RETURN(const std::optional<Page> page,
                   options_.link_bases.PageFor("resetURL", request.page));
  const CompanyId company = request.company.empty() ? NobodysCompany() : request.company;
  ASSIGN_OR_RETURN(std::optional<MethodStanding> standing,
                   methods_.FindMethod(call, company, KeyOf(request.username)));
  if (standing.has_value() && ObstacleOf(*standing, clock_.Now()) != AccountStatus::kActivated) {
    standing.reset();
  }
  bool told = false;
  if (caller != nullptr && standing.has_value()) {
    ASSIGN_OR_RETURN(told, MayBeTold(caller, *standing));
  }
  if (!told) {
    // The same for all accounts, and for none: what is counted is the source's.
    RETURN_IF_ERROR(throttle_.CountReset(
        call, GuessOf(request.company, request.username, UserId(), "password reset request")));
  }
  const ResetToken token = tokens_.Make();
  ResetDraft draft = DraftFor(request, standing, token, page);
  if (told) {
    draft.by_administrator = true;
    draft.most_an_hour = std::numeric_limits<int64_t>::max();
    draft.mail.kind = MailKind::kDecoy;
  }
  RETURN_IF_ERROR(store_.Replace(call, draft));
  if (!told) return ResetAnswer();
  return ResetAnswer{draft.user, token.text};
}

absl::StatusOr<bool> PasswordResets::MayBeTold(const Caller* caller,
                                               const MethodStanding& standing) {
  const Method& method = standing.method;
  if (caller->is_guest()) return false;
  const bool administrates =
      caller->IsPlatformAdministrator() ||
      (caller->company() == method.company && caller->Has(Permission::kUserAdmin));
  if (!administrates) return false;
  ASSIGN_OR_RETURN(const std::optional<UserStanding> user,
                   users_.FindUser(caller->call(), method.company, method.user, clock_.Now()));
  return user.has_value() && RequireDominates(*caller, method.user, user->held).ok();
}

ResetDraft PasswordResets::DraftFor(const ResetRequest& request,
                                    const std::optional<MethodStanding>& standing,
                                    const ResetToken& token,
                                    const std::optional<Page>& page) const {
  ResetDraft draft;
  draft.token_hash = token.hash;
  draft.good_for = options_.lifetime;
  draft.most_an_hour = options_.most_mails_an_hour;
  draft.mail.id = MailId(NewUuid());
  draft.mail.good_for = options_.lifetime;
  if (standing.has_value()) {
    draft.company = standing->method.company;
    draft.principal_key = standing->method.principal_key;
    draft.user = standing->method.user;
    draft.secret_mark = tokens_.MarkOf(standing->method.sealed_secret);
    if (options_.mails_are_sent && page.has_value()) draft.mail.kind = MailKind::kPasswordReset;
  } else {
    const std::string hash =
        tokens_.MarkOf(absl::StrCat(request.company.value(), "|", request.username));
    const unsigned number =
        static_cast<unsigned char>(hash[0]) * 256u + static_cast<unsigned char>(hash[1]);
    draft.company = NobodysCompany();
    draft.principal_key = absl::StrCat("nobody ", number % kNobodies);
    draft.secret_mark = hash;
  }
  draft.mail.company = draft.company;
  draft.mail.user = draft.user;
  draft.mail.username = request.username;
  const Secret link(
      LinkTo(page.value_or(Page()), {{"companyId", request.company.value()},
                                     {"username", request.username},
                                     {"passwordResetToken", std::string(token.text.Reveal())}}));
  draft.mail.sealed_link = seal_.Seal(link, draft.company, draft.mail.id);
  return draft;
}

absl::Status PasswordResets::Use(const CallContext& call, const ResetUse& use) {
  RETURN_IF_ERROR(CheckNewPassword(use.password, use.username, use.company));
  const CompanyId company = use.company.empty() ? NobodysCompany() : use.company;
  const MethodKey key = KeyOf(use.username);
  const std::string token_hash = tokens_.HashOf(use.token);
  ASSIGN_OR_RETURN(const std::optional<PendingReset> reset,
                   store_.Find(call, company, key.principal_key));
  const Guess guess = GuessOf(use.company, use.username, reset.has_value() ? reset->user : UserId(),
                              "password reset");
  std::optional<MethodStanding> standing;
  RETURN_IF_ERROR(throttle_.Check(call, guess, ResetRefused(), [&]() -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(standing, Shown(call, use, reset, token_hash));
    return standing.has_value();
  }));
  // From here on the caller has shown that the mail reached them.
  const AccountStatus obstacle = ObstacleOf(*standing, clock_.Now());
  if (obstacle != AccountStatus::kActivated) {
    const absl::Status inactive = AccountNotActive(AccountStatusName(obstacle));
    throttle_.NoteRefusal(call, guess, inactive);
    return inactive;
  }
  ASSIGN_OR_RETURN(const UserChange change, ChangeFor(call, use, *standing));
  const auto decide = [&](const LockedUser& locked) { return Judge(locked, change); };
  ASSIGN_OR_RETURN(const Ended ended, store_.Use(call, change, token_hash, decide));
  revocations_.Add(ended);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<MethodStanding>> PasswordResets::Shown(
    const CallContext& call, const ResetUse& use, const std::optional<PendingReset>& reset,
    const std::string& token_hash) {
  if (!reset.has_value() || !IsGood(*reset, use, token_hash)) {
    return std::optional<MethodStanding>();
  }
  ASSIGN_OR_RETURN(std::optional<MethodStanding> standing,
                   methods_.FindMethod(call, use.company, KeyOf(use.username)));
  if (!standing.has_value() || standing->method.user != reset->user ||
      !SameHash(reset->secret_mark, tokens_.MarkOf(standing->method.sealed_secret))) {
    return std::optional<MethodStanding>();
  }
  return standing;
}

absl::StatusOr<UserChange> PasswordResets::ChangeFor(const CallContext& call, const ResetUse& use,
                                                     const MethodStanding& standing) {
  const Method& method = standing.method;
  ASSIGN_OR_RETURN(const std::optional<UserStanding> user,
                   users_.FindUser(call, method.company, method.user, clock_.Now()));
  if (!user.has_value()) return ResetRefused();
  UserChange change;
  change.company = method.company;
  change.user = method.user;
  change.held = user->held;
  change.may_lift_lock = true;
  if (standing.user_status == AccountStatus::kLocked) {
    change.user_status = AccountStatus::kActivated;
  }
  MethodEdit edit;
  edit.key = method.key();
  edit.principal = method.principal;
  edit.shown = ShownSecret{method.key(), method.sealed_secret};
  edit.shown_by_nobody = true;
  if (method.status == AccountStatus::kLocked) edit.status = AccountStatus::kActivated;
  ASSIGN_OR_RETURN(edit.sealed_secret, vault_.Hash(call, use.password, SecretKind::kPassword,
                                                   AssociatedData(method.company, method.key())));
  change.edit = std::move(edit);
  return change;
}

absl::StatusOr<bool> PasswordResets::IsStillWanted(const CallContext& call, const MailDraft& mail) {
  return store_.Renew(call, mail.company, mail.id, options_.lifetime);
}

}  // namespace usher::auth
