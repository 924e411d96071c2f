#include "services/user/pg_user_store.h"

#include <map>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/db/transaction.h"
#include "common/rpc/gate/largest_reply.h"
#include "services/user/migrations.h"
#include "services/user/user_sql.h"
#include "tests/support/contracts/saga_claim_contract.h"
#include "tests/support/contracts/saga_store_contract.h"
#include "tests/support/contracts/user_email_contract.h"
#include "tests/support/contracts/user_store_contract.h"
#include "tests/support/scratch_database.h"

namespace usher::user {
namespace pg_user_store_test {

class OnPostgres : public ::testing::Test {
 protected:
  UserStore& store() { return store_; }
  SagaStore& sagas() { return store_; }

  ScratchDatabase database_{Migrations()};
  PgUserStore store_{database_.pool()};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, UserStoreContract, ::testing::Types<OnPostgres>);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, UserEmailContract, ::testing::Types<OnPostgres>);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, SagaStoreContract, ::testing::Types<OnPostgres>);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, SagaClaimContract, ::testing::Types<OnPostgres>);

class PgUserStoreTest : public OnPostgres {
 protected:
  UserKey Make(const User& user) {
    const UserKey key{CompanyId("acme"), user.id};
    EXPECT_OK(store_.BeginCreation(ACall(), key, user, kLongLease));
    EXPECT_OK(store_.CompleteCreation(ACall(), key));
    return key;
  }
  // "created | updated": all that the audit says of the user.
  std::string Audited(const UserKey& key) {
    return database_.Ask(
        absl::StrCat("SELECT string_agg(detail, ' | ' ORDER BY at) FROM audit WHERE company_id = '",
                     key.company.value(), "' AND object = 'user ", key.user.value(), "'"));
  }
  std::string Count(const std::string& table) {
    return database_.Ask("SELECT count(*) FROM " + table);
  }
  // `count` users of "acme", each with `bytes` of metadata.
  void Fill(int count, int bytes) {
    database_.Run(
        absl::StrCat("INSERT INTO users (company_id, user_id, metadata, state) SELECT 'acme',"
                     " ('00000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid,"
                     " jsonb_build_object('k', repeat('x', ",
                     bytes, ")), 2 FROM generate_series(1, ", count, ") i"));
  }
};

TEST_F(PgUserStoreTest, EveryChangeLeavesAnAuditRow) {
  const UserKey ann = Make(FullUser("ann@x.org"));
  UserChange change;
  change.email = "new@x.org";
  change.metadata = {{"secret key", "secret value"}};
  EXPECT_THAT(store_.Update(ACall(), ann, Applying(change)), IsOkAndHolds(true));
  EXPECT_THAT(store_.ReplaceProfile(ACall(), ann, {"Anna", "", ""}), IsOkAndHolds(true));
  EXPECT_THAT(store_.BeginRemoval(ACall(), ann, kLongLease), IsOkAndHolds(BegunRemoval::kBegun));
  EXPECT_OK(store_.CompleteRemoval(ACall(), ann));
  EXPECT_EQ(Audited(ann), "created | email, metadata | profile | removed");
}

TEST_F(PgUserStoreTest, AnAuditRowTellsWhoDidItFromWhere) {
  const CallContext call = ACaller().Calling("user.profileUpdate").BuildCall();
  const UserKey ann = Make(FullUser("ann@x.org"));
  database_.Run("DELETE FROM audit");
  EXPECT_THAT(store_.ReplaceProfile(call, ann, {}), IsOkAndHolds(true));
  EXPECT_THAT(store_.Update(call, ann, Applying(UserChange{.email = "b@x.org"})),
              IsOkAndHolds(true));
  EXPECT_EQ(Count("audit"), "2");
  EXPECT_EQ(database_.Ask("SELECT DISTINCT concat_ws(' ', company_id, user_id, rpc, request_id, "
                          "peer) FROM audit"),
            absl::StrCat("acme ", kCallerId, " user.profileUpdate test-request 127.0.0.1"));
}

TEST_F(PgUserStoreTest, WhatChangesNothingLeavesNoAuditRow) {
  const UserKey ann = Make(FullUser("ann@x.org"));
  const UserKey bob = Make(FullUser("bob@x.org"));
  const UserKey nobody{CompanyId("acme"), UserId(NewUuid())};
  database_.Run("DELETE FROM audit");
  EXPECT_THAT(store_.Update(ACall(), bob, Applying(UserChange{.email = "ann@x.org"})),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_THAT(store_.Update(ACall(), nobody, Applying(UserChange{.email = "c@x.org"})),
              IsOkAndHolds(false));
  EXPECT_THAT(store_.ReplaceProfile(ACall(), nobody, {}), IsOkAndHolds(false));
  EXPECT_OK(store_.CompleteCreation(ACall(), ann));
  EXPECT_OK(store_.CompleteRemoval(ACall(), nobody));
  EXPECT_EQ(Count("audit"), "0");
}

TEST_F(PgUserStoreTest, WhatWasUndoneLeavesNoRowAtAll) {
  const User user = FullUser("ann@x.org");
  const UserKey ann{CompanyId("acme"), user.id};
  const CallContext call = ACaller().WithIdempotencyKey("key").BuildCall();
  EXPECT_OK(store_.BeginCreation(call, ann, user, kLongLease));
  EXPECT_OK(store_.UndoCreation(CallContext(), ann));
  for (const char* table : {"users", "sagas", "idempotency_keys", "audit"}) {
    EXPECT_EQ(Count(table), "0") << table;
  }
}

// Its server may still run, and settles its own as long as their leases last.
TEST_F(PgUserStoreTest, WhatTheReleaseBeforeLeftBehindIsSettled) {
  const CallContext call = ACaller().WithIdempotencyKey("key").BuildCall();
  const UserKey soon{CompanyId("acme"), UserId(NewUuid())};
  const UserKey leased{CompanyId("acme"), UserId(NewUuid())};
  const UserKey leaving = Make(FullUser("leaving@x.org"));
  for (const UserKey& key : {soon, leased}) {
    EXPECT_OK(store_.BeginCreation(key == soon ? call : ACall(), key, User(), kLongLease));
  }
  EXPECT_OK(store_.BeginRemoval(ACall(), leaving, kLongLease));
  database_.Run(absl::StrCat(
      "INSERT INTO user_sagas (company_id, user_id, kind, lease_until, caller_id, rpc, request_id, "
      "idempotency_key) SELECT company_id, subject::uuid, kind, now() + interval '1 second' * "
      "CASE WHEN subject = '",
      leased.user.value(),
      "' THEN 3600 ELSE -kind END, caller, rpc, request_id, idempotency_key "
      "FROM sagas; DELETE FROM sagas"));
  std::map<UserKey, Saga> claimed;
  while (true) {
    const auto saga = store_.Claim(CallContext(), kLongLease);
    ASSERT_OK(saga);
    if (!saga->has_value()) break;
    claimed.emplace((*saga)->key, **saga);
  }
  ASSERT_EQ(claimed.size(), 2u);
  EXPECT_EQ(claimed.at(soon).kind, SagaKind::kCreation);
  EXPECT_EQ(claimed.at(soon).call.user, call.user);
  EXPECT_EQ(claimed.at(soon).call.idempotency.key, "key");
  EXPECT_EQ(claimed.at(leaving).kind, SagaKind::kRemoval);
  EXPECT_OK(store_.CompleteCreation(claimed.at(soon).call, soon));
  EXPECT_OK(store_.UndoRemoval(claimed.at(leaving).call, leaving));
  EXPECT_THAT(store_.ListIds(ACall(), CompanyId("acme")),
              IsOkAndHolds(::testing::UnorderedElementsAre(soon.user, leaving.user)));
  EXPECT_EQ(Count("user_sagas"), "1");
}

TEST_F(PgUserStoreTest, WhatARemovedUserLeavesIsTheAudit) {
  const UserKey ann = Make(FullUser("ann@x.org"));
  EXPECT_OK(store_.BeginRemoval(ACall(), ann, kLongLease));
  EXPECT_OK(store_.CompleteRemoval(ACall(), ann));
  EXPECT_OK(store_.CompleteForgetting(ACall(), ann));
  EXPECT_EQ(Count("users"), "0");
  EXPECT_EQ(Count("sagas"), "0");
  EXPECT_EQ(Audited(ann), "created | removed");
}

TEST_F(PgUserStoreTest, NoPersonalDataIsInTheAudit) {
  const UserKey ann = Make(FullUser("ann@x.org"));
  UserChange change;
  change.email = "anna@x.org";
  change.profile = {"Anna", "Arbor", "Dr."};
  change.metadata = {{"colour", "green"}};
  EXPECT_THAT(store_.Update(ACall(), ann, Applying(change)), IsOkAndHolds(true));
  EXPECT_EQ(database_.Ask("SELECT count(*) FROM audit WHERE audit::text ~* "
                          "'x.org|ann|arbor|dr\\.|colour|green'"),
            "0");
}

// Four MiB of them, and more, were read before they were refused.
TEST_F(PgUserStoreTest, UsersWhoTakeTooManyBytesAreRefused) {
  Fill(5, 1000);
  const CompanyId acme("acme");
  PgUserStore store(database_.pool(), 4000);
  const auto ids = store.ListIds(ACall(), acme);
  ASSERT_OK(ids);
  ASSERT_EQ(ids->size(), 5u);
  const auto refused = HasReplyCode(::common::MAX_SIZE_EXCEEDED);
  EXPECT_THAT(store.List(ACall(), acme, true), refused);
  EXPECT_THAT(store.FindSome(ACall(), acme, *ids, true), refused);
  EXPECT_THAT(store.List(ACall(), acme, false), IsOkAndHolds(::testing::SizeIs(5)));
  EXPECT_THAT(store.FindSome(ACall(), acme, {(*ids)[0], (*ids)[4]}, true),
              IsOkAndHolds(::testing::SizeIs(2)));
  EXPECT_THAT(PgUserStore(database_.pool(), 189).ListIds(ACall(), acme), refused);
  EXPECT_OK(PgUserStore(database_.pool(), 190).ListIds(ACall(), acme));
}

TEST_F(PgUserStoreTest, WhatIsReadOfUsersWhoDoNotFitIsOneRow) {
  Fill(300, 30'000);
  const auto rows = db::Execute(ACall(), database_.pool(), sql::kListUsers,
                                {CompanyId("acme"), true, uint64_t{rpc::kLargestContent}});
  ASSERT_OK(rows);
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_FALSE((*rows)[0].Bool(0));
  EXPECT_TRUE((*rows)[0].IsNull(1));
}

TEST_F(PgUserStoreTest, OfAHundredThousandUsersTheIdsAreListedAndTheProfilesRefused) {
  constexpr int kUsers = 100'000;
  Fill(kUsers, 0);
  EXPECT_THAT(store_.ListIds(ACall(), CompanyId("acme")), IsOkAndHolds(::testing::SizeIs(kUsers)));
  EXPECT_THAT(store_.List(ACall(), CompanyId("acme"), false),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(store_.List(ACall(), CompanyId("other"), false), IsOkAndHolds(::testing::IsEmpty()));
}

TEST_F(PgUserStoreTest, IdsThatNoReplyCanHoldAreRefused) {
  Fill(111'000, 0);
  EXPECT_THAT(store_.ListIds(ACall(), CompanyId("acme")),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

TEST(PgUserStore, ADatabaseThatIsGoneIsSaidToBeOutOfReach) {
  auto database = std::make_unique<ScratchDatabase>(Migrations());
  const std::unique_ptr<db::Pool> pool = database->OpenPool();
  PgUserStore store(*pool);
  const UserKey somebody{CompanyId("acme"), UserId(NewUuid())};
  EXPECT_OK(store.Find(ACall(), somebody));
  database.reset();
  EXPECT_THAT(store.Find(ACall(), somebody), IsUndecided(absl::StatusCode::kUnavailable));
}

}  // namespace pg_user_store_test
}  // namespace usher::user
