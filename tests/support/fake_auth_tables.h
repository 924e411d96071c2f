// Auth's tables in memory: their rows are what the domain has, and what becomes of them is what the
// domain judges.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method/last_use.h"
#include "services/auth/method/method_errors.h"
#include "services/auth/method/user_revocations.h"
#include "services/auth/session/session.h"
#include "tests/support/fake_answers.h"

namespace usher::auth {

// A session with the columns that the domain does not ask for.
struct FakeSession : Session {
  absl::Time created_at;
  std::string peer;        // of the sign-in or the latest refresh
  std::string user_agent;  // likewise
};

// From one method to another company's, both of `user`.
struct FakeLink {
  CompanyId company;
  MethodKey method;
  CompanyId to_company;
  MethodKey to_method;
  UserId user;
  absl::Time created_at;
};

// As lists show it.
inline Method AsMethod(const FakeSession& session) {
  Method method;
  method.company = session.company;
  method.key_type = KeyType::kRefreshToken;
  method.principal = method.principal_key = session.id.value();
  method.user = session.user;
  method.permissions = session.granted;
  method.metadata = {
      {"firstUse", absl::StrCat(absl::ToUnixSeconds(session.created_at))},
      {"lastUse",
       absl::StrCat(absl::ToUnixSeconds(std::max(session.created_at, session.rotated_at)))},
      {"peer", session.peer},
      {"userAgent", session.user_agent}};
  method.created_at = session.created_at;
  method.expires_at = session.expires_at;
  return method;
}

struct FakeAuthTables {
  const Clock* clock = nullptr;         // the database's
  std::map<CompanyId, bool> companies;  // true: active
  std::map<std::pair<CompanyId, UserId>, AccountStatus> users;
  std::map<std::tuple<CompanyId, KeyType, std::string>, Method> methods;
  std::map<SessionId, FakeSession> sessions;
  std::map<SessionId, std::pair<FakeSession, SessionId>> moved;  // what it was, and goes on as
  std::vector<FakeLink> links;
  std::map<std::tuple<CompanyId, KeyType, std::string>, absl::Time> uses;  // of methods, the last
  std::vector<token::Revocation> revocations;
  std::vector<MailDraft> mails;
  FakeAnswers<UserId> answers;
  int64_t dated = 0;
  int64_t last_sequence = 0;

  static auto KeyOf(const CompanyId& company, const MethodKey& key) {
    return std::tuple(company, key.key_type, key.principal_key);
  }
  // What comes later is younger, also when the clock stands still.
  absl::Time Dated() { return clock->Now() + absl::Nanoseconds(++dated); }

  bool IsActive(const CompanyId& company) const {
    const auto found = companies.find(company);
    return found != companies.end() && found->second;
  }
  std::vector<Method> MethodsOf(const CompanyId& company, const UserId& user) const {
    std::vector<Method> own;
    for (const auto& [key, method] : methods) {
      if (method.company == company && method.user == user) own.push_back(method);
    }
    return own;
  }
  // The oldest first.
  std::vector<FakeSession> SessionsOf(const CompanyId& company, const MethodKey& method) const {
    std::vector<FakeSession> own;
    for (const auto& [id, session] : sessions) {
      if (session.company == company && session.method == method) own.push_back(session);
    }
    std::sort(own.begin(), own.end(), [](const FakeSession& a, const FakeSession& b) {
      return a.created_at < b.created_at;
    });
    return own;
  }

  // All methods without their secrets, and the sessions that have not ended by `now`; the oldest
  // first.
  std::vector<Method> Shown(absl::Time now) const {
    std::vector<Method> shown;
    for (const auto& [key, method] : methods) {
      shown.emplace_back(method).sealed_secret.clear();
      const auto used = uses.find(key);
      // As exact as the database is.
      if (used != uses.end()) ShowLastUse(used->second + absl::Microseconds(1), &shown.back());
    }
    for (const auto& [id, session] : sessions) {
      if (session.expires_at > now) shown.push_back(AsMethod(session));
    }
    std::sort(shown.begin(), shown.end(), [](const Method& a, const Method& b) {
      return std::tie(a.created_at, a.key_type, a.principal_key) <
             std::tie(b.created_at, b.key_type, b.principal_key);
    });
    return shown;
  }
  std::optional<MethodStanding> Find(const CompanyId& company, const MethodKey& key) const {
    const auto found = methods.find(KeyOf(company, key));
    if (found == methods.end()) return std::nullopt;
    return MethodStanding{.method = found->second,
                          .user_status = users.at({company, found->second.user}),
                          .company_active = IsActive(company),
                          .read_at = clock->Now()};
  }
  std::optional<UserStanding> FindUser(const CompanyId& company, const UserId& user,
                                       absl::Time now) const {
    const auto found = users.find({company, user});
    if (found == users.end()) return std::nullopt;
    const std::vector<Method> own = MethodsOf(company, user);
    UserStanding standing{.status = found->second,
                          .company_active = IsActive(company),
                          .only_guest_accesses = !own.empty()};
    if (!own.empty()) standing.methods = AccountStatus::kDeleted;
    for (const Method& method : own) {
      const AccountStatus status = EffectiveStatus(method, now);
      const bool is_guest = method.key_type == KeyType::kGuestAccess;
      standing.methods = std::min(standing.methods, status);
      standing.held = standing.held.Or(method.permissions);
      if (status == AccountStatus::kActivated) {
        standing.usable = standing.usable.Or(method.permissions);
      }
      standing.only_guest_accesses = standing.only_guest_accesses && is_guest;
    }
    return standing;
  }

  bool HasLinks(const CompanyId& company, const MethodKey& method) const {
    return std::any_of(links.begin(), links.end(), [&](const FakeLink& link) {
      return link.company == company && link.method == method;
    });
  }
  // What they lead to from the method of the session, as far as they are open; the oldest first.
  std::vector<MethodStanding> OpenLinks(const CompanyId& company, const SessionId& session,
                                        const UserId& user) const {
    std::vector<MethodStanding> open;
    const auto own = sessions.find(session);
    if (own == sessions.end() || own->second.company != company || own->second.user != user) {
      return open;
    }
    for (const FakeLink& link : links) {
      if (link.company != company || link.method != own->second.method || link.user != user)
        continue;
      const std::optional<MethodStanding> from = Find(link.company, link.method);
      const std::optional<MethodStanding> to = Find(link.to_company, link.to_method);
      const bool holds = from.has_value() && to.has_value() && from->method.user == user &&
                         to->method.user == user && from->method.handed_since <= link.created_at &&
                         to->method.secret_since <= link.created_at;
      if (holds) open.push_back(*to);
    }
    std::sort(open.begin(), open.end(), [](const MethodStanding& a, const MethodStanding& b) {
      return a.method.created_at < b.method.created_at;
    });
    return open;
  }

  absl::Status Insert(Method method) {
    method.created_at = Dated();
    method.secret_since = method.handed_since = method.created_at;
    const std::string principal = method.principal;
    const auto key = KeyOf(method.company, method.key());
    return methods.emplace(key, std::move(method)).second ? absl::OkStatus()
                                                          : PrincipalTaken(principal);
  }
  absl::Status InsertUser(const Method& method) {
    const bool made =
        users.emplace(std::pair(method.company, method.user), AccountStatus::kActivated).second;
    return made ? Insert(method) : UserExists();
  }

  Ended Revoke(const CompanyId& company, const std::vector<RevocationDraft>& drafts) {
    Ended ended;
    for (const RevocationDraft& draft : drafts) {
      const absl::Duration ahead = draft.final ? absl::Minutes(10) : absl::ZeroDuration();
      ended.push_back({.sequence = ++last_sequence,
                       .kind = draft.kind,
                       .company = company,
                       .subject = draft.subject,
                       .issued_until = clock->Now() + ahead,
                       .reason = draft.reason});
    }
    revocations.insert(revocations.end(), ended.begin(), ended.end());
    return ended;
  }
  Ended SignOut(const CompanyId& company, const std::vector<FakeSession>& over) {
    std::vector<RevocationDraft> drafts;
    for (const FakeSession& session : over) {
      drafts.push_back({.subject = session.id.value()});
      sessions.erase(session.id);
    }
    return Revoke(company, drafts);
  }

  absl::StatusOr<Ended> Change(const CompanyId& company, const UserId& user,
                               const std::optional<MethodKey>& named, const DecideChange& decide) {
    const auto row = users.find({company, user});
    if (row == users.end()) return UserNotFound();
    const auto taken = named.has_value() ? methods.find(KeyOf(company, *named)) : methods.end();
    LockedUser locked{.status = row->second,
                      .methods = MethodsOf(company, user),
                      .name_is_taken = taken != methods.end() && taken->second.user != user,
                      .other_administrator = false,
                      .now = clock->Now()};
    for (const auto& [key, status] : users) {
      if (key.first != company || key.second == user) continue;
      locked.other_administrator =
          locked.other_administrator || IsAdministrator(status, MethodsOf(company, key.second));
    }
    ASSIGN_OR_RETURN(const UserWrite write, decide(locked));
    if (write.detail.empty()) return Ended();
    const FindSessions find = [&](const MethodKey& method, bool only_signing, size_t most) {
      std::vector<SessionId> found;
      for (const FakeSession& session : SessionsOf(company, method)) {
        const bool signs = session.granted.Has(Permission::kUserAdmin) ||
                           session.granted.Has(Permission::kCompanyAdmin);
        if (found.size() < most && (signs || !only_signing)) found.push_back(session.id);
      }
      return found;
    };
    ASSIGN_OR_RETURN(const std::vector<RevocationDraft> drafts, Revoked(write, user, find));
    const auto kept = sessions.find(write.kept_session);
    if (!write.kept_session.empty() &&
        (kept == sessions.end() || kept->second.user != user || kept->second.company != company)) {
      return NoSessionToKeep();
    }
    for (const SessionsWrite& ended : write.sessions) {
      if (!ended.over) continue;
      // Also those that were begun with it and went on in another company.
      std::erase_if(sessions, [&](const auto& row) {
        const FakeSession& session = row.second;
        if (session.id == write.kept_session) return false;
        return (session.company == company && session.method == ended.method) ||
               (session.origin.has_value() && session.origin->company == company &&
                session.origin->method == ended.method);
      });
    }
    row->second = write.status.value_or(row->second);
    for (const MethodKey& key : write.removed) methods.erase(KeyOf(company, key));
    if (write.inserted.has_value()) RETURN_IF_ERROR(Insert(*write.inserted));
    if (write.overwritten.has_value()) {
      methods[KeyOf(company, write.overwritten->key())] = *write.overwritten;
    }
    return Revoke(company, drafts);
  }
};

}  // namespace usher::auth
