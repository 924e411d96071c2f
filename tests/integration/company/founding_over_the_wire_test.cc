// Companies that are founded and destroyed, as clients see it, by both doors.
#include <thread>

#include "absl/synchronization/mutex.h"
#include "tests/support/credentials.h"
#include "tests/support/over_the_wire.h"

namespace usher {
namespace founding_over_the_wire_test {

using ::companyService::CompanyCreateRequest;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

class FoundingOverTheWire : public OverTheWire {
 protected:
  // Of a company that nobody else makes.
  static std::string NewName() { return absl::StrCat("Company ", NewUuid()); }
  static std::string Slug(const std::string& name) {
    return absl::StrCat("company-", name.substr(8));
  }

  static CompanyCreateRequest Founding(const std::string& name) {
    CompanyCreateRequest request;
    request.mutable_company()->set_displayname(name);
    auto& administrator = *request.mutable_usercreaterequest();
    administrator.mutable_user()->set_email("ann@x.org");
    administrator.mutable_user()->mutable_userprofile()->set_firstname("Ann");
    *administrator.mutable_authenticationrequest() = WithPassword("", "ann", kPassword);
    return request;
  }
  ::companyService::CompanyCreateReply Found(
      const CompanyCreateRequest& request, const std::map<std::string, std::string>& headers = {}) {
    return Ask(&CompanyStub::companyCreate, As(AdminOf("operator"), request), headers);
  }
  ::common::ReplyInfo Destroy(const std::string& company) {
    ::companyService::CompanyDestroyRequest request;
    request.set_companyid(company);
    return Ask(&CompanyStub::companyDestroy, As(AdminOf("operator"), request));
  }
  ::authentication::AuthenticationReply Authenticate(const std::string& company) {
    return Ask(&AuthStub::authenticate, WithPassword(company, "ann", kPassword));
  }
  size_t RowsOf(const std::string& service, const std::string& table, const std::string& company) {
    return std::stoul(house_.database(service).Ask(
        absl::StrCat("SELECT count(*) FROM ", table, " WHERE company_id = '", company, "'")));
  }
  // Of all that is left of a company anywhere; the company's own row rests.
  size_t Traces(const std::string& company) {
    return RowsOf("auth", "companies", company) + RowsOf("auth", "users", company) +
           RowsOf("auth", "methods", company) + RowsOf("auth", "sessions", company) +
           RowsOf("user", "users", company) + RowsOf("room", "rooms", company) +
           RowsOf("room", "room_rights", company) + RowsOf("room", "sub_rooms", company) +
           RowsOf("business-logic", "favorites", company) + RowsOf("user", "audit", company);
  }

  static constexpr char kPassword[] = "the password of a founder";
};

TEST_F(FoundingOverTheWire, AFoundedCompanyIsOneToWorkIn) {
  const std::string name = NewName();
  const auto founded = Found(Founding(name));
  ASSERT_THAT(founded, Answers(::common::OK));
  EXPECT_EQ(founded.companyid(), Slug(name));

  const auto signed_in = Authenticate(founded.companyid());
  ASSERT_THAT(signed_in, Answers(::common::OK));
  const std::string token = signed_in.accesstoken();
  const auto companies =
      Ask(&CompanyStub::companyList, As<::companyService::CompanyListRequest>(token));
  EXPECT_EQ(companies.companies().at(founded.companyid()).displayname(), name);
  EXPECT_EQ(companies.companies().at(founded.companyid()).ownerid(), "ann@x.org");
  const auto users = Ask(&UserStub::userList, As<::user::UserListRequest>(token));
  ASSERT_EQ(users.users().count(signed_in.userid()), 1u) << "the first administrator has a profile";
  EXPECT_EQ(users.users().at(signed_in.userid()).userprofile().firstname(), "Ann");
  ::roomService::RoomCreateRequest room;
  room.mutable_room()->set_displayname("first");
  EXPECT_THAT(Ask(&RoomStub::Create, As(token, room)), Answers(::common::OK));
}

TEST_F(FoundingOverTheWire, TheFirstAdministratorGetsAllButThePlatformsPermissionsWhateverIsAsked) {
  const std::string name = NewName();
  CompanyCreateRequest request = Founding(name);
  auto& permissions =
      *request.mutable_usercreaterequest()->mutable_authenticationrequest()->mutable_permissions();
  permissions[static_cast<int>(Permission::kCompanyAdmin)] = true;
  permissions[static_cast<int>(Permission::kUserAdmin)] = false;
  ASSERT_THAT(Found(request), Answers(::common::OK));
  const auto claims = Claims(Authenticate(Slug(name)).accesstoken());
  EXPECT_EQ(claims.permissions, kCompanyAdministrator);
}

TEST_F(FoundingOverTheWire, AuthsDoorLeadsToTheSameFounding) {
  const std::string name = NewName();
  ::authentication::CompanyCreateRequest request;
  request.set_companyid(Slug(name));
  const CompanyCreateRequest other = Founding(name);
  *request.mutable_user() = other.usercreaterequest().user();
  *request.mutable_authenticationrequest() = other.usercreaterequest().authenticationrequest();
  const auto founded = Ask(&AuthStub::companyCreate, As(AdminOf("operator"), request));
  ASSERT_THAT(founded, Answers(::common::OK));
  EXPECT_EQ(founded.companyid(), Slug(name));
  const auto signed_in = Authenticate(Slug(name));
  EXPECT_EQ(signed_in.userid(), founded.userid());
  const auto users = Ask(&UserStub::userList, As<::user::UserListRequest>(signed_in.accesstoken()));
  EXPECT_EQ(users.users().count(founded.userid()), 1u);
  EXPECT_THAT(Ask(&AuthStub::companyCreate, As(AdminOf("operator"), request)),
              Answers(::common::ACTION_INVALID))
      << "and nobody is added to that company";
}

TEST_F(FoundingOverTheWire, WhatIsRefusedLeavesNothingAndTheNameFree) {
  const std::string name = NewName();
  CompanyCreateRequest request = Founding(name);
  auto& credentials = *request.mutable_usercreaterequest()
                           ->mutable_authenticationrequest()
                           ->mutable_usernamepasswordcredentials();
  credentials.set_password("password");
  EXPECT_THAT(Found(request), Answers(::common::ACTION_INVALID));
  credentials.set_password(kPassword);
  credentials.set_companyid("acme");
  EXPECT_THAT(Found(request), Answers(::common::NOT_FOUND));
  credentials.clear_companyid();
  request.mutable_usercreaterequest()->mutable_user()->set_email("no address");
  EXPECT_THAT(Found(request), Answers(::common::PROTOCOL_ERROR));
  EXPECT_EQ(Traces(Slug(name)), 0u);
  EXPECT_EQ(RowsOf("company", "companies", Slug(name)), 0u);
  EXPECT_THAT(Found(Founding(name)), Answers(::common::OK));
}

// L16, P4.
TEST_F(FoundingOverTheWire, AHundredFoundingsOfOneNameMakeOneCompany) {
  const std::string name = NewName();
  const CompanyCreateRequest request = As(AdminOf("operator"), Founding(name));
  absl::Mutex mutex;
  int made = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 100; ++i) {
    threads.emplace_back([&] {
      ::companyService::CompanyCreateReply reply;
      const grpc::Status status = Try(&CompanyStub::companyCreate, request, &reply);
      if (!status.ok()) return;
      EXPECT_THAT(reply.replyinfo().statuscode(),
                  ::testing::AnyOf(::common::OK, ::common::ACTION_INVALID));
      const absl::MutexLock lock(&mutex);
      made += reply.replyinfo().statuscode() == ::common::OK ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(made, 1);
  // One administrator, and no orphan of the others.
  EXPECT_EQ(RowsOf("auth", "users", Slug(name)), 1u);
  EXPECT_EQ(RowsOf("auth", "methods", Slug(name)), 1u);
  EXPECT_EQ(RowsOf("user", "users", Slug(name)), 1u);
}

TEST_F(FoundingOverTheWire, AKeyAnswersTheFirstCompanyAgain) {
  const std::string name = NewName();
  const std::map<std::string, std::string> key = {{"idempotency-key", NewUuid()}};
  ASSERT_THAT(Found(Founding(name), key), Answers(::common::OK));
  const auto again = Found(Founding(name), key);
  EXPECT_THAT(again, Answers(::common::OK));
  EXPECT_EQ(again.companyid(), Slug(name));
  EXPECT_THAT(Found(Founding(name)), Answers(::common::ACTION_INVALID)) << "without the key";
}

TEST_F(FoundingOverTheWire, ADestroyedCompanyIsGoneForEverybodyAndClearedUpEverywhere) {
  const std::string name = NewName();
  const std::string company = Slug(name);
  ASSERT_THAT(Found(Founding(name)), Answers(::common::OK));
  const auto signed_in = Authenticate(company);
  const std::string token = signed_in.accesstoken();
  ::roomService::RoomCreateRequest room;
  room.mutable_room()->set_displayname("room");
  const auto parent = Ask(&RoomStub::Create, As(token, room));
  room.mutable_room()->set_parentid(parent.roomid());
  (*room.mutable_room()->mutable_subrooms())["sub"].set_displayname("sub");
  ASSERT_THAT(Ask(&RoomStub::Create, As(token, room)), Answers(::common::OK));
  ::businessLogicService::FavoritesUpdateRequest favorite;
  (*favorite.mutable_roomids())[parent.roomid()] = true;
  ASSERT_THAT(Ask(&BusinessLogicStub::favoritesUpdate, As(token, favorite)), Answers(::common::OK));
  ASSERT_GT(Traces(company), 6u);

  EXPECT_THAT(Destroy(company), Answers(::common::OK));
  EXPECT_THAT(Authenticate(company), Not(Answers(::common::OK)));
  // Where auth has two servers, the one that was not asked has it from the feed.
  EXPECT_TRUE(WithinFiveSeconds([&] { return AllAnswer(token, ::common::ACCOUNT_STATUS_ERROR); }));
  EXPECT_THAT(Destroy(company), Answers(::common::NOT_FOUND));
  ::companyService::CompanyListRequest list;
  list.add_companyidlist(company);
  EXPECT_EQ(Ask(&CompanyStub::companyList, As(AdminOf("operator"), list)).companies_size(), 0);
  ::companyService::CompanyAvailableRequest available;
  available.set_displayname(name);
  EXPECT_FALSE(Ask(&CompanyStub::companyAvailable, available).available()) << "its ID rests";
  EXPECT_TRUE(WithinFiveSeconds([&] { return Traces(company) == 0; }));
  EXPECT_EQ(Authenticate(company).replyinfo().statuscode(), ::common::AUTHENTICATION_ERROR)
      << "like one that never was";
}

TEST_F(FoundingOverTheWire, TheCompaniesBesideADestroyedOneStayAsTheyAre) {
  const std::string name = NewName();
  ASSERT_THAT(Found(Founding(name)), Answers(::common::OK));
  const size_t before = Traces("acme");
  EXPECT_THAT(Destroy(Slug(name)), Answers(::common::OK));
  EXPECT_TRUE(WithinFiveSeconds([&] { return Traces(Slug(name)) == 0; }));
  EXPECT_GE(Traces("acme"), before);
  EXPECT_THAT(IsAuthenticated(AdminOf("acme")), Answers(::common::OK));
}

TEST_F(FoundingOverTheWire, TheOperatorsCompanyStays) {
  EXPECT_THAT(Destroy("operator"), Answers(::common::ACTION_INVALID));
}

}  // namespace founding_over_the_wire_test
}  // namespace usher
