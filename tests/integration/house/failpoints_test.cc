// Every step of every saga x {the process dies, dawdles, fails}: afterwards everything is there, or
// nothing is, in all five databases.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/over_the_wire.h"

namespace usher {
namespace {

// One of its own, whose servers are started anew again and again.
class FailingHouse {
 public:
  static FailingHouse& Get() {
    static auto* const house = new FailingHouse();
    return *house;
  }

  House& house() { return *house_; }
  // Starts the server anew, with that in its environment; "": without.
  void RestartWith(const std::string& service, const std::string& failpoint) {
    failing_ = service;
    failpoint_ = failpoint;
    house_->Restart(service);
  }

 private:
  FailingHouse()
      : house_(std::make_unique<House>(
            [this](const std::string& service, std::vector<std::string> command) {
              if (service == failing_ && !failpoint_.empty()) {
                command.insert(command.begin(), {"/usr/bin/env", "USHER_FAILPOINT=" + failpoint_});
              }
              return command;
            })) {}

  std::string failing_;
  std::string failpoint_;
  std::unique_ptr<House> house_;
};

struct Step {
  std::string service;
  std::string name;
};

std::string NameOf(const ::testing::TestParamInfo<std::tuple<Step, std::string>>& info) {
  std::string name = absl::StrCat(std::get<0>(info.param).name, "_", std::get<1>(info.param));
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

bool WithinThirtySeconds(const std::function<bool()>& holds) {
  const absl::Time until = absl::Now() + absl::Seconds(30);
  while (!holds()) {
    if (absl::Now() > until) return false;
  }
  return true;
}

class FailpointsTest : public ::testing::TestWithParam<std::tuple<Step, std::string>> {
 protected:
  FailpointsTest() {
    operator_token_ = house_.SignIn(house_.operator_company()).access_token;
    const auto& [step, deed] = GetParam();
    if (step.name.rfind("founding", 0) != 0) {
      EXPECT_TRUE(Found());
    }
    FailingHouse::Get().RestartWith(step.service, absl::StrCat(step.name, ":", deed));
  }
  ~FailpointsTest() override { Recover(); }

  // True when the client was told that it happened.
  bool Found() {
    ::companyService::CompanyCreateRequest request;
    request.mutable_accessinfo()->set_accesstoken(operator_token_);
    request.mutable_company()->set_displayname(company_);
    auto& credentials = *request.mutable_usercreaterequest()
                             ->mutable_authenticationrequest()
                             ->mutable_usernamepasswordcredentials();
    credentials.set_username("ann");
    credentials.set_password("the password of a founder");
    ::companyService::CompanyCreateReply reply;
    return Call(&CompanyStub::companyCreate, request, &reply) &&
           reply.replyinfo().statuscode() == ::common::OK;
  }
  bool Destroy() {
    ::companyService::CompanyDestroyRequest request;
    request.mutable_accessinfo()->set_accesstoken(operator_token_);
    request.set_companyid(company_);
    ::common::ReplyInfo reply;
    return Call(&CompanyStub::companyDestroy, request, &reply) &&
           reply.statuscode() == ::common::OK;
  }

  // The call is answered before the clearing up begins.
  void AwaitFailpoint() {
    const auto& [step, deed] = GetParam();
    const std::string line = absl::StrCat("\"failpoint\":\"", step.name, ":", deed, "\"");
    ASSERT_TRUE(WithinThirtySeconds([&, service = step.service] {
      return house_.Log(service).find(line) != std::string::npos;
    }));
    ASSERT_TRUE(WithinThirtySeconds([&, service = step.service, exits = deed == "exit"] {
      return !exits || !house_.process(service).IsRunning();
    }));
  }
  // Whatever died runs again, and whoever comes next may settle what it left.
  void Recover() {
    FailingHouse::Get().RestartWith(std::get<0>(GetParam()).service, "");
    house_.database("company").Run("UPDATE sagas SET lease_until = now() WHERE state < 3");
  }
  // Nothing under way but an ID that rests.
  bool IsSettled() { return Ask("company", "SELECT count(*) FROM sagas WHERE state < 3") == "0"; }

  std::string Rows(const std::string& service, const std::string& table) {
    return Ask(service, absl::StrCat("SELECT count(*) FROM ", table, " WHERE company_id = '",
                                     company_, "'"));
  }
  // Auth's company, user and method, the profile, and the company itself.
  std::string Everything() {
    return absl::StrCat(Rows("auth", "companies"), Rows("auth", "users"), Rows("auth", "methods"),
                        Rows("user", "users"), Rows("company", "companies"));
  }
  bool IsSeen() {
    return Ask("company", absl::StrCat("SELECT count(*) FROM companies WHERE state = 2 AND "
                                       "company_id = '",
                                       company_, "'")) == "1";
  }

  House& house_ = FailingHouse::Get().house();
  const std::string company_ = absl::StrCat("c-", NewUuid());

 private:
  template <class Rpc, class Request, class Reply>
  bool Call(Rpc rpc, const Request& request, Reply* reply) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    return (house_.company().*rpc)(&context, request, reply).ok();
  }
  std::string Ask(const std::string& service, const std::string& sql) {
    return house_.database(service).Ask(sql);
  }

  std::string operator_token_;
};

using FoundingFailpoints = FailpointsTest;

TEST_P(FoundingFailpoints, EverythingIsThereOrNothingAndTheIdIsFree) {
  const bool told = Found();
  AwaitFailpoint();
  Recover();
  ASSERT_TRUE(WithinThirtySeconds([&] { return IsSettled(); }));
  if (IsSeen()) {
    EXPECT_EQ(Everything(), "11111");
  } else {
    EXPECT_FALSE(told) << "what was told to have happened has happened";
    EXPECT_EQ(Everything(), "00000");
    EXPECT_TRUE(Found()) << "the ID is free";
  }
}

INSTANTIATE_TEST_SUITE_P(Company, FoundingFailpoints,
                         ::testing::Combine(::testing::Values(Step{"company", "founding.begun"},
                                                              Step{"company", "founding.profile"},
                                                              Step{"company", "founding.ensured"}),
                                            ::testing::Values("exit", "sleep", "error")),
                         NameOf);

using DestructionFailpoints = FailpointsTest;

TEST_P(DestructionFailpoints, TheCompanyIsThereAsItWasOrGoneFromEverywhere) {
  const bool told = Destroy();
  AwaitFailpoint();
  Recover();
  ASSERT_TRUE(WithinThirtySeconds([&] { return IsSettled(); }));
  if (IsSeen()) {
    EXPECT_FALSE(told);
    EXPECT_EQ(Everything(), "11111");
  } else {
    EXPECT_EQ(Everything(), "00001") << "its ID rests";
  }
}

INSTANTIATE_TEST_SUITE_P(
    Company, DestructionFailpoints,
    ::testing::Combine(::testing::Values(Step{"company", "destruction.begun"},
                                         Step{"company", "destruction.destroyed"},
                                         Step{"company", "destruction.cleared"}),
                       ::testing::Values("exit", "sleep", "error")),
    NameOf);

}  // namespace
}  // namespace usher
