// The audit, as those who may read it do: what was refused stands in it as well.
#include <usher/audit/v1/audit.grpc.pb.h>

#include <string>

#include "tests/integration/auth/guessing_over_the_wire.h"

namespace usher {
namespace audit_over_the_wire_test {

class AuditOverTheWire : public GuessingOverTheWire {
 protected:
  using ListRequest = ::usher::audit::v1::ListRequest;
  using ListReply = ::usher::audit::v1::ListReply;

  ListReply ListAudit(const std::string& token, ListRequest request = {}) {
    const auto stub = ::usher::audit::v1::AuditService::NewStub(house_.channel("auth"));
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    request.mutable_accessinfo()->set_accesstoken(token);
    ListReply reply;
    const grpc::Status status = stub->list(&context, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_code() << " " << status.error_message();
    return reply;
  }
};

TEST_F(AuditOverTheWire, SignInsRefusalsAndChangesAreRowsOfTheirCompany) {
  const Account account = NewAccount();
  EXPECT_THAT(Authenticate(PasswordOf(account)), Answers(::common::OK));
  EXPECT_THAT(Authenticate(Wrong(account)), Answers(::common::AUTHENTICATION_ERROR));
  SetUserStatus(account, ::authentication::DEACTIVATED);

  ListRequest of_user;
  of_user.set_subject(account.user);
  ListReply seen;
  EXPECT_TRUE(WithinFiveSeconds([&] {
    seen = ListAudit(AdminOf("acme"), of_user);
    return seen.entries_size() >= 3;
  })) << seen.ShortDebugString();
  bool refused = false;
  for (const auto& entry : seen.entries()) {
    EXPECT_EQ(entry.company_id(), "acme");
    EXPECT_FALSE(entry.source().empty());
    EXPECT_FALSE(entry.request_id().empty());
    refused = refused || (entry.kind() == ::usher::audit::v1::SIGN_IN &&
                          entry.outcome() == ::common::AUTHENTICATION_ERROR &&
                          entry.actor().empty() && entry.rpc() == "auth.authenticate");
  }
  EXPECT_TRUE(refused) << seen.ShortDebugString();

  ListRequest by_user;
  by_user.set_actor(account.user);
  by_user.add_kinds(::usher::audit::v1::SIGN_IN);
  const ListReply sign_ins = ListAudit(AdminOf("acme"), by_user);
  ASSERT_EQ(sign_ins.entries_size(), 1) << sign_ins.ShortDebugString();
  EXPECT_EQ(sign_ins.entries(0).detail(), "opened by password");

  // Nothing of it for others.
  EXPECT_EQ(ListAudit(AdminOf("globex"), of_user).entries_size(), 0);
  of_user.set_company_id("acme");
  EXPECT_THAT(ListAudit(AdminOf("globex"), of_user), Answers(::common::NOT_FOUND));
  EXPECT_GE(ListAudit(AdminOf("operator"), of_user).entries_size(), 3);
  of_user.clear_company_id();
  of_user.set_all_companies(true);
  EXPECT_GE(ListAudit(AdminOf("operator"), of_user).entries_size(), 3);
}

TEST_F(AuditOverTheWire, OnlyAdministratorsRead) {
  EXPECT_THAT(ListAudit(""), Answers(::common::ACCESS_INFO_MISSING));
  EXPECT_THAT(ListAudit(TokenWith({Permission::kUserAdmin})),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(ListAudit(GuestToken({Permission::kGrantPermissions})),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(ListAudit(TokenWith({Permission::kGrantPermissions})), Answers(::common::OK));
}

// G7: what is typed into the wrong field stands nowhere.
TEST_F(AuditOverTheWire, NeitherPasswordsNorUnknownNamesStandInTheAudit) {
  Account account = Nobody();
  account.username = "typed-secret-" + NewUuid();
  EXPECT_THAT(Authenticate(PasswordOf(account)), Answers(::common::AUTHENTICATION_ERROR));
  const Account marker = NewAccount();
  EXPECT_THAT(Authenticate(Wrong(marker)), Answers(::common::AUTHENTICATION_ERROR));
  ListRequest of_marker;
  of_marker.set_subject(marker.user);
  of_marker.add_outcomes(::common::AUTHENTICATION_ERROR);
  EXPECT_TRUE(
      WithinFiveSeconds([&] { return ListAudit(AdminOf("acme"), of_marker).entries_size() == 1; }));
  EXPECT_EQ(house_.database("auth").Ask("SELECT count(*) FROM audit WHERE audit::text LIKE '%" +
                                        account.username +
                                        "%' OR audit::text LIKE "
                                        "'%not the password%'"),
            "0");
}

}  // namespace audit_over_the_wire_test
}  // namespace usher
