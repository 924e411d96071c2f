#include "services/business_logic/pg_permission_group_store.h"

#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/business_logic/migrations.h"
#include "services/business_logic/permission_group_errors.h"
#include "tests/support/contracts/permission_group_store_contract.h"
#include "tests/support/scratch_database.h"

namespace usher::business_logic {
namespace pg_permission_group_store_test {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class GroupsOnPostgres : public ::testing::Test {
 protected:
  PermissionGroupStore& store() { return store_; }

  ScratchDatabase database_{Migrations()};
  PgPermissionGroupStore store_{database_.pool()};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, PermissionGroupStoreContract,
                               ::testing::Types<GroupsOnPostgres>);

class PgPermissionGroupStoreTest : public GroupsOnPostgres {
 protected:
  auto List(const std::string& company) { return store_.List(ACall(), CompanyId(company)); }
};

TEST_F(PgPermissionGroupStoreTest, GroupsThatNoReplyCanHoldAreRefused) {
  database_.Run(
      "INSERT INTO permission_groups SELECT 'acme', i::text, repeat('x', 60000), 1, 0"
      " FROM generate_series(1, 70) i");
  EXPECT_THAT(List("acme"), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(List("beta"), IsOkAndHolds(IsEmpty()));
}

TEST_F(PgPermissionGroupStoreTest, AChangeLeavesAnAuditRowAndARefusedOneNone) {
  const CompanyId acme("acme");
  const auto add = [](std::vector<PermissionGroup> own, const std::vector<PermissionGroup>&) {
    own.push_back({"staff", "Staff", 1, {}});
    return own;
  };
  const auto refuse = [](const auto&, const auto&) -> absl::StatusOr<std::vector<PermissionGroup>> {
    return PermissionGroupNotFound();
  };
  EXPECT_OK(store_.Change(ACall(), acme, "put staff", add));
  EXPECT_THAT(store_.Change(ACall(), acme, "removed x", refuse), HasReplyCode(::common::NOT_FOUND));
  EXPECT_EQ(database_.Ask("SELECT string_agg(object || ': ' || detail, ' | ') FROM audit"),
            "permission groups: put staff");
}

// Each is decided on what the other has left.
TEST_F(PgPermissionGroupStoreTest, OfChangesAtOnceNoneIsLost) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this, t] {
      for (int i = 0; i < 5; ++i) {
        EXPECT_OK(store_.Change(
            ACall(), CompanyId("acme"), "put",
            [&](std::vector<PermissionGroup> own, const std::vector<PermissionGroup>&) {
              own.push_back({absl::StrCat(t, "-", i), "Group", 1, {}});
              return own;
            }));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(List("acme"), IsOkAndHolds(SizeIs(20)));
}

}  // namespace pg_permission_group_store_test
}  // namespace usher::business_logic
