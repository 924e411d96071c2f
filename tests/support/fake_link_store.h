// Links between companies in memory, in the tables of a store of methods.
#pragma once

#include <vector>

#include "services/auth/company_switch/link_store.h"
#include "tests/support/fake_method_store.h"

namespace usher::auth {

// Thread-safe. Held to joining_contract.h, like the real one.
class FakeLinkStore final : public LinkStore {
 public:
  explicit FakeLinkStore(FakeMethodStore& methods) : database_(methods.database()) {}

  absl::StatusOr<std::vector<MethodStanding>> ReadOpen(const CallContext&, const CompanyId& company,
                                                       const SessionId& session,
                                                       const UserId& user) override {
    return database_.Do([&](FakeAuthTables& tables) -> absl::StatusOr<std::vector<MethodStanding>> {
      return tables.OpenLinks(company, session, user);
    });
  }

 private:
  FakeDatabase<FakeAuthTables>& database_;
};

}  // namespace usher::auth
