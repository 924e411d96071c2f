// What auth keeps of accounts of directories, in the tables of a store of methods.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "services/auth/directory/directory_store.h"
#include "tests/support/fake_method_store.h"

namespace usher::auth {

// Thread-safe. Held to directory_store_contract.h, like the real one. Fails as the methods do.
class FakeDirectoryStore final : public DirectoryStore {
 public:
  using Tables = FakeAuthTables;

  explicit FakeDirectoryStore(FakeMethodStore& methods) : database_(methods.database()) {}

  absl::StatusOr<bool> Pin(const CallContext&, const CompanyId& company, const MethodKey& key,
                           const std::string& id) override {
    return database_.Do([&](Tables& tables) -> absl::StatusOr<bool> {
      const auto found = tables.methods.find(Tables::KeyOf(company, key));
      if (found == tables.methods.end()) return false;
      std::string& kept = found->second.sealed_secret;
      if (kept.empty()) kept = id;
      return kept == id;
    });
  }
  absl::StatusOr<bool> HasProfile(const CallContext&, const CompanyId& company,
                                  const MethodKey& key) override {
    return database_.Do([&](Tables& tables) -> absl::StatusOr<bool> {
      const auto found = tables.methods.find(Tables::KeyOf(company, key));
      return found != tables.methods.end() && columns_[RowOf(found->second)].profile_made;
    });
  }
  absl::Status NoteProfile(const CallContext&, const CompanyId& company,
                           const MethodKey& key) override {
    return database_.Do([&](Tables& tables) {
      const auto found = tables.methods.find(Tables::KeyOf(company, key));
      if (found != tables.methods.end()) columns_[RowOf(found->second)].profile_made = true;
      return absl::OkStatus();
    });
  }
  absl::StatusOr<std::vector<Method>> ClaimDue(const CallContext&, const CompanyId& company,
                                               absl::Duration period, size_t most) override {
    return database_.Do([&](Tables& tables) -> absl::StatusOr<std::vector<Method>> {
      const absl::Time now = tables.clock->Now();
      std::vector<Method> due;
      for (const auto& [key, method] : tables.methods) {
        const std::vector<FakeSession> sessions = tables.SessionsOf(company, method.key());
        const bool signed_in =
            std::any_of(sessions.begin(), sessions.end(),
                        [&](const FakeSession& session) { return session.expires_at > now; });
        if (method.company == company && method.key_type == KeyType::kLdap && signed_in &&
            method.status == AccountStatus::kActivated &&
            columns_[RowOf(method)].checked_at <= now - period) {
          due.push_back(method);
        }
      }
      std::stable_sort(due.begin(), due.end(), [this](const Method& a, const Method& b) {
        return columns_[RowOf(a)].checked_at < columns_[RowOf(b)].checked_at;
      });
      due.resize(std::min(due.size(), most));
      for (const Method& method : due) columns_[RowOf(method)].checked_at = now;
      return due;
    });
  }
  absl::Status GiveBack(const CallContext&, const CompanyId&,
                        const std::vector<Method>& methods) override {
    return database_.Do([&](Tables& tables) {
      for (const Method& method : methods) {
        const auto found = tables.methods.find(Tables::KeyOf(method.company, method.key()));
        if (found != tables.methods.end()) {
          columns_[RowOf(found->second)].checked_at = absl::InfinitePast();
        }
      }
      return absl::OkStatus();
    });
  }

 private:
  // Columns that go with a method's row.
  struct Columns {
    absl::Time checked_at = absl::InfinitePast();
    bool profile_made = false;
  };
  using Row = std::tuple<CompanyId, std::string, absl::Time>;
  static Row RowOf(const Method& method) {
    return {method.company, AssociatedData(method.company, method.key()), method.created_at};
  }

  FakeDatabase<Tables>& database_;
  std::map<Row, Columns> columns_;  // under the database's lock
};

}  // namespace usher::auth
