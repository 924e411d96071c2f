// Auth's methods, users, companies and feed in memory.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/auth/method/known_user_store.h"
#include "services/auth/method/method_store.h"
#include "services/auth/method/method_wire.h"
#include "tests/support/fake_auth_tables.h"
#include "tests/support/fake_database.h"

namespace usher::auth {

inline bool IsSession(const Method& method) { return method.key_type == KeyType::kRefreshToken; }

inline bool Matches(const MethodFilter& filter, const Method& method) {
  const auto passes = [](const auto& wanted, const auto& value) {
    return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
  };
  const bool eligible =
      method.status == AccountStatus::kActivated &&
      (method.key_type == KeyType::kPassword || method.key_type == KeyType::kLdap ||
       method.key_type == KeyType::kAuthorizationCode);
  return passes(filter.companies, method.company) &&
         (filter.only_user.empty() || method.user == filter.only_user) &&
         (eligible || !filter.eligible_for_switch.has_value()) &&
         passes(filter.principal_keys, method.principal_key) && passes(filter.users, method.user) &&
         passes(filter.statuses, method.status) && passes(filter.key_types, method.key_type) &&
         !(filter.key_types.empty() && IsSession(method));
}

// Of `all`, the oldest first.
inline absl::StatusOr<MethodPage> PageOf(const std::vector<Method>& all,
                                         const MethodFilter& filter) {
  std::map<UserId, std::vector<Method>> by_user;
  for (const Method& method : all) {
    if (Matches(filter, method)) by_user[method.user].push_back(method);
  }
  MethodPage page{.users = by_user.size()};
  uint64_t place = 0;
  for (const auto& [user, methods] : by_user) {
    const bool shown = place >= filter.offset && place - filter.offset < filter.limit;
    ++place;
    size_t sessions = std::count_if(methods.begin(), methods.end(), IsSession);
    for (const Method& method : methods) {
      const bool beyond = IsSession(method) && sessions-- > filter.most_sessions;
      if (shown && (!beyond || !filter.principal_keys.empty())) page.methods.push_back(method);
    }
  }
  ::authentication::ListAuthenticationsReply reply;
  RETURN_IF_ERROR(ToWire(ListAnswer{.methods = page.methods}, &reply));
  if (reply.ByteSizeLong() > filter.most_bytes) return ReplyTooLarge();
  return page;
}

// Thread-safe. Held to the contracts of all three (tests/support/contracts), like the real ones.
class FakeMethodStore final : public MethodStore, public KnownUserStore, public RevocationStore {
 public:
  using Tables = FakeAuthTables;

  // `clock`: the database's.
  explicit FakeMethodStore(const Clock& clock = RealClock()) : database_({.clock = &clock}) {}

  // What tests arrange behind the store's back. All methods fail with this from now on; OK: no
  // longer.
  void FailWith(absl::Status failure) { database_.FailWith(std::move(failure)); }
  void AddSession(const FakeSession& session) {
    database_.Peek([&](Tables& tables) { tables.sessions[session.id] = session; });
  }
  void SwitchOff(const CompanyId& company) {
    database_.Peek([&](Tables& tables) { tables.companies[company] = false; });
  }
  std::vector<MailDraft> QueuedMails() {
    return database_.Peek([](Tables& tables) { return tables.mails; });
  }
  // What a store of sessions stands on as well.
  FakeDatabase<Tables>& database() { return database_; }

  absl::StatusOr<std::optional<MethodStanding>> FindMethod(const CallContext&,
                                                           const CompanyId& company,
                                                           const MethodKey& key) override {
    return database_.Do([&](Tables& tables) -> absl::StatusOr<std::optional<MethodStanding>> {
      return tables.Find(company, key);
    });
  }
  absl::Status ReplaceSecret(const CallContext&, const CompanyId& company, const MethodKey& key,
                             const std::string& before, const std::string& sealed) override {
    return database_.Do([&](Tables& tables) {
      const auto found = tables.methods.find(Tables::KeyOf(company, key));
      const bool same = found != tables.methods.end() && found->second.sealed_secret == before;
      if (same) found->second.sealed_secret = sealed;
      return absl::OkStatus();
    });
  }
  absl::StatusOr<std::vector<Method>> ListOfUser(const CallContext&, const CompanyId& company,
                                                 const UserId& user, absl::Time now) override {
    return database_.Do([&](Tables& tables) -> absl::StatusOr<std::vector<Method>> {
      std::vector<Method> listed;
      for (const Method& method : tables.Shown(now)) {
        if (method.company != company || method.user != user) continue;
        if (IsSession(method)) std::erase_if(listed, IsSession);  // the newest alone
        listed.push_back(method);
      }
      return listed;
    });
  }
  absl::StatusOr<MethodPage> List(const CallContext&, const MethodFilter& filter) override {
    return database_.Do([&](Tables& tables) -> absl::StatusOr<MethodPage> {
      std::vector<Method> all = tables.Shown(filter.now);
      if (const auto& from = filter.eligible_for_switch; from.has_value()) {
        const std::vector<MethodStanding> linked =
            tables.OpenLinks(from->company, from->session, filter.only_user);
        std::erase_if(all, [&](const Method& method) {
          return method.company != from->company &&
                 std::none_of(linked.begin(), linked.end(), [&](const MethodStanding& to) {
                   return to.method.company == method.company && to.method.key() == method.key();
                 });
        });
      }
      return PageOf(all, filter);
    });
  }
  absl::StatusOr<std::optional<UserId>> FindMade(const CallContext& call) override {
    return database_.Do([&](Tables& tables) { return tables.answers.Find(call); });
  }
  absl::StatusOr<UserId> InsertUserWithMethod(
      const CallContext& call, const Method& method,
      const std::optional<MailDraft>& mail = std::nullopt) override {
    return database_.Do([&](Tables& tables) -> absl::StatusOr<UserId> {
      ASSIGN_OR_RETURN(const std::optional<UserId> made, tables.answers.Find(call));
      if (made.has_value()) return *made;
      if (!tables.IsActive(method.company)) return CompanyNotFound();
      RETURN_IF_ERROR(tables.InsertUser(method));
      if (mail.has_value()) tables.mails.push_back(*mail);
      tables.answers.Bind(call, method.user);
      return method.user;
    });
  }
  absl::StatusOr<Ended> ChangeUser(const CallContext&, const UserChange& change,
                                   const DecideChange& decide) override {
    const std::optional<MethodKey> named =
        change.edit.has_value() ? std::optional(change.edit->key) : std::nullopt;
    return database_.Do([&](Tables& tables) {
      if (change.edit.has_value() && change.edit->mail.has_value()) {
        tables.mails.push_back(*change.edit->mail);
      }
      return tables.Change(change.company, change.user, named, decide);
    });
  }
  absl::StatusOr<Ended> EndSession(const CallContext&, const CompanyId& company, const UserId& user,
                                   const SessionId& session) override {
    return database_.Do([&](Tables& tables) -> absl::StatusOr<Ended> {
      const auto found = tables.sessions.find(session);
      const bool own = found != tables.sessions.end() && found->second.company == company &&
                       (found->second.user == user || found->second.base_user == user);
      if (!own) return MethodNotFound();
      return tables.SignOut(company, {found->second});
    });
  }

  absl::StatusOr<Ended> EndGuest(const CallContext&, const CompanyId& company,
                                 const UserId& guest) override {
    return database_.Do([&](Tables& tables) -> absl::StatusOr<Ended> {
      std::vector<RevocationDraft> drafts;
      std::erase_if(tables.sessions, [&](const auto& row) {
        const FakeSession& session = row.second;
        const bool own = session.company == company && session.user == guest;
        if (!own || session.base_user.empty()) return false;
        drafts.push_back({.subject = session.id.value()});
        return true;
      });
      drafts.push_back(
          {.kind = token::RevocationKind::kUser, .subject = guest.value(), .final = false});
      return tables.Revoke(company, drafts);
    });
  }

  absl::StatusOr<std::optional<UserStanding>> FindUser(const CallContext&, const CompanyId& company,
                                                       const UserId& user,
                                                       absl::Time now) override {
    return database_.Do([&](Tables& tables) -> absl::StatusOr<std::optional<UserStanding>> {
      return tables.FindUser(company, user, now);
    });
  }
  absl::Status EnsureUser(const CallContext&, const CompanyId& company, const UserId& user,
                          const std::optional<Method>& method) override {
    return database_.Do([&](Tables& tables) -> absl::Status {
      if (!tables.IsActive(company)) return CompanyNotFound();
      const auto [row, made] =
          tables.users.emplace(std::pair(company, user), AccountStatus::kActivated);
      if (row->second == AccountStatus::kDeleted) return UserRuledOut();
      if (!method.has_value()) return absl::OkStatus();
      if (made) return tables.Insert(*method);
      const auto found = tables.methods.find(Tables::KeyOf(company, method->key()));
      const bool owned = found != tables.methods.end() && found->second.user == user;
      return owned ? absl::OkStatus() : UserExists();
    });
  }
  absl::StatusOr<bool> SettleUser(const CallContext&, const CompanyId& company,
                                  const UserId& user) override {
    return database_.Do([&](Tables& tables) -> absl::StatusOr<bool> {
      if (tables.companies.count(company) == 0) return false;
      const auto row =
          tables.users.emplace(std::pair(company, user), AccountStatus::kDeleted).first;
      return row->second != AccountStatus::kDeleted;
    });
  }
  absl::StatusOr<Ended> RemoveUser(const CallContext&, const CompanyId& company, const UserId& user,
                                   const DecideChange& decide) override {
    return database_.Do(
        [&](Tables& tables) { return tables.Change(company, user, std::nullopt, decide); });
  }
  absl::StatusOr<bool> InsertCompany(const CallContext&, const CompanyId& company,
                                     const std::vector<Method>& methods) override {
    return database_.Do([&](Tables& tables) -> absl::StatusOr<bool> {
      if (!tables.companies.emplace(company, true).second) return false;
      for (const Method& method : methods) RETURN_IF_ERROR(tables.InsertUser(method));
      return true;
    });
  }

  absl::StatusOr<Ended> ListRevocations(const CallContext&, int64_t after,
                                        absl::Time horizon) override {
    return database_.Do([&](Tables& tables) -> absl::StatusOr<Ended> {
      Ended listed;
      for (const token::Revocation& one : tables.revocations) {
        const bool wanted = one.sequence > after && one.issued_until > horizon;
        if (wanted && listed.size() < kLargestPage) listed.push_back(one);
      }
      return listed;
    });
  }
  absl::Status ForgetRevocations(const CallContext&, absl::Time horizon) override {
    return database_.Do([&](Tables& tables) {
      std::erase_if(tables.revocations,
                    [&](const auto& one) { return one.issued_until <= horizon; });
      return absl::OkStatus();
    });
  }

 private:
  static const Clock& RealClock() {
    static const SystemClock clock;
    return clock;
  }
  FakeDatabase<Tables> database_;
};

}  // namespace usher::auth
