#include "services/auth/directory/directory_presence.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/log.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"

namespace usher::auth {
namespace {

// People whom one round asks for in one directory.
constexpr size_t kMostDue = 1000;
// Of one of them; there are shorter ones behind it.
constexpr absl::Duration kLongestQuestion = absl::Seconds(60);

UserChange StatusOf(const Method& method, AccountStatus status) {
  UserChange change;
  change.company = method.company;
  change.user = method.user;
  change.edit = MethodEdit{.key = method.key(), .status = status};
  return change;
}

PermissionSet HeldBy(const LockedUser& user) {
  PermissionSet held;
  for (const Method& method : user.methods) held = held.Or(method.permissions);
  return held;
}

const Method* Find(const LockedUser& user, const MethodKey& key) {
  for (const Method& method : user.methods) {
    if (method.key() == key) return &method;
  }
  return nullptr;
}

// Not for a person who could hold less than the user: nobody does this, whatever the user holds.
absl::StatusOr<UserWrite> JudgeAbsence(const LockedUser& user, UserChange change) {
  const Method* const method = Find(user, change.edit->key);
  if (method == nullptr || method->status != AccountStatus::kActivated) return UserWrite();
  change.held = HeldBy(user);
  absl::StatusOr<UserWrite> write = Judge(user, change);
  if (write.ok() || !ReplyCodeOf(write.status()).has_value()) return write;
  // The last administrator of the company, say. Then at least nobody goes on with what was opened.
  UserWrite ended;
  ended.sessions.push_back({.method = change.edit->key});
  ended.tokens = TokensWrite{};
  ended.detail = "ldap method: sessions ended, not in the directory";
  return ended;
}

absl::StatusOr<UserWrite> JudgeReturn(const LockedUser& user, UserChange change) {
  const Method* const method = Find(user, change.edit->key);
  if (method == nullptr || !IsAbsent(*method)) return UserWrite();
  change.held = HeldBy(user);
  return Judge(user, change);
}

}  // namespace

bool IsAbsent(const Method& method) {
  const auto mark = method.metadata.find(kSwitchedOffByKey);
  return method.key_type == KeyType::kLdap && method.status == AccountStatus::kDeactivated &&
         mark != method.metadata.end() && mark->second == kByDirectory;
}

bool IsBelievable(size_t asked, size_t missing) {
  return missing < asked || asked < kFewestToBelieve;
}

absl::Status DirectoryPresence::CheckAll(const CallContext& call) {
  absl::Status first;
  for (const CompanyId& company : directories_.Companies()) {
    if (call.IsCancelled()) break;
    const std::shared_ptr<Directory> directory = directories_.Of(company);
    if (directory == nullptr || !directory->rules().finds) continue;
    first.Update(Check(call, company, *directory));
  }
  return first;
}

absl::Status DirectoryPresence::Check(const CallContext& call, const CompanyId& company,
                                      Directory& directory) {
  ASSIGN_OR_RETURN(const std::vector<Method> due,
                   store_.ClaimDue(call, company, directory.rules().check_period, kMostDue));
  if (due.empty()) return absl::OkStatus();
  const absl::StatusOr<std::vector<Method>> missing = Missing(call, directory, due);
  // What is the matter, the directory has logged.
  if (!missing.ok()) return store_.GiveBack(call, company, due);
  if (!IsBelievable(due.size(), missing->size())) {
    log::Warning("a directory has none of those who are signed in: nobody is switched off for it",
                 {{"company", company.value()}, {"asked", absl::StrCat(due.size())}});
    return absl::OkStatus();
  }
  for (const Method& method : *missing) RETURN_IF_ERROR(NoteAbsent(call, method));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Method>> DirectoryPresence::Missing(const CallContext& call,
                                                               Directory& directory,
                                                               const std::vector<Method>& due) {
  std::vector<Method> missing;
  for (const Method& method : due) {
    if (call.IsCancelled()) return absl::CancelledError("the server stops");
    CallContext question = call;
    question.deadline = absl::Now() + kLongestQuestion;
    ASSIGN_OR_RETURN(const std::optional<DirectoryPerson> person,
                     directory.Find(question, method.principal));
    const bool there =
        person.has_value() && (method.sealed_secret.empty() || method.sealed_secret == person->id);
    if (!there) missing.push_back(method);
  }
  return missing;
}

absl::Status DirectoryPresence::NoteAbsent(const CallContext& call, const Method& method) {
  UserChange change = StatusOf(method, AccountStatus::kDeactivated);
  change.edit->metadata[kSwitchedOffByKey] = kByDirectory;
  ASSIGN_OR_RETURN(const Ended ended,
                   methods_.ChangeUser(call, change, [&](const LockedUser& user) {
                     return JudgeAbsence(user, change);
                   }));
  revocations_.Add(ended);
  log::Info("somebody is not in the directory any more",
            {{"company", method.company.value()}, {"user", method.user.value()}});
  return absl::OkStatus();
}

absl::Status DirectoryPresence::NoteBack(const CallContext& call, const Method& method) {
  const UserChange change = StatusOf(method, AccountStatus::kActivated);
  ASSIGN_OR_RETURN(const Ended ended,
                   methods_.ChangeUser(call, change, [&](const LockedUser& user) {
                     return JudgeReturn(user, change);
                   }));
  revocations_.Add(ended);
  return absl::OkStatus();
}

}  // namespace usher::auth
