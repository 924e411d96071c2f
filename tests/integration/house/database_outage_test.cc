// What a database that goes away, and comes back, does to the clients of a server.
#include "tests/support/database_outage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/id.h"
#include "tests/support/credentials.h"

namespace usher {
namespace database_outage_test {

using ::testing::IsEmpty;

constexpr absl::Duration kPatience = absl::Seconds(30);
constexpr char kOutOfReach[] = "the database is out of reach; nothing was changed, try again";

// Ends all connections of a service with its database; how many there were.
int EndConnections(ScratchDatabase& database) {
  return std::stoi(
      database.Ask("SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity "
                   "WHERE datname = current_database() AND pid <> pg_backend_pid()"));
}

// Clients that write things with names of their own, one after the other, and remember what became
// of each.
class Writers {
 public:
  // Makes one thing of that name; the outcome as the client sees it.
  using Write = std::function<grpc::Status(const std::string& name, ::common::ReplyInfo* info)>;

  Writers(int clients, Write write) : write_(std::move(write)) {
    for (int i = 0; i < clients; ++i) threads_.emplace_back([this] { Run(); });
  }
  ~Writers() { Stop(); }

  void Stop() {
    stopping_.store(true);
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }
  // Waits until that many more were acknowledged; false when they take too long.
  bool AwaitAcknowledged(size_t more) {
    const absl::MutexLock lock(&mutex_);
    const size_t wanted = acknowledged_.size() + more;
    const auto enough = [this, wanted]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return acknowledged_.size() >= wanted;
    };
    return mutex_.AwaitWithTimeout(absl::Condition(&enough), kPatience);
  }

  // After Stop.
  const std::vector<std::string>& acknowledged() const ABSL_NO_THREAD_SAFETY_ANALYSIS {
    return acknowledged_;
  }
  // Those of which the client was told that nothing was changed.
  const std::vector<std::string>& refused() const ABSL_NO_THREAD_SAFETY_ANALYSIS {
    return refused_;
  }
  const std::vector<std::string>& wrong_answers() const ABSL_NO_THREAD_SAFETY_ANALYSIS {
    return wrong_answers_;
  }

 private:
  void Run() {
    while (!stopping_.load()) {
      const std::string name = NewUuid();
      ::common::ReplyInfo info;
      const grpc::Status status = write_(name, &info);
      const absl::MutexLock lock(&mutex_);
      if (status.ok() && info.statuscode() == ::common::OK) {
        acknowledged_.push_back(name);
      } else if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
        refused_.push_back(name);
      } else if (status.error_code() != grpc::StatusCode::DEADLINE_EXCEEDED) {  // in doubt
        wrong_answers_.push_back(absl::StrCat(status.error_code(), " ", status.error_message(), " ",
                                              info.ShortDebugString()));
      }
    }
  }

  const Write write_;
  std::atomic<bool> stopping_{false};
  absl::Mutex mutex_;
  std::vector<std::string> acknowledged_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> refused_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> wrong_answers_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;
};

class DatabaseOutageTest : public ::testing::Test {
 protected:
  template <class Request>
  Request WithToken(Request request = Request()) const {
    request.mutable_accessinfo()->set_accesstoken(admin_.access_token);
    return request;
  }
  // A call that needs the database of `service`.
  grpc::Status Read(const std::string& service, ::common::ReplyInfo* info) {
    if (service == "auth") {
      auto request = WithToken<::authentication::AuthenticationInformationRequest>();
      request.set_userid(admin_.user);
      return Answer(house_.auth(),
                    &::authentication::AuthenticationService::Stub::authenticationInformation,
                    request, info);
    }
    if (service == "user") {
      return Answer(house_.user(), &::user::UserService::Stub::userList,
                    WithToken<::user::UserListRequest>(), info);
    }
    if (service == "company") {
      return Answer(house_.company(), &::companyService::CompanyService::Stub::companyList,
                    WithToken<::companyService::CompanyListRequest>(), info);
    }
    if (service == "room") {
      return Answer(house_.room(), &::roomService::roomService::Stub::List,
                    WithToken<::roomService::RoomListRequest>(), info);
    }
    return Answer(house_.business_logic(),
                  &::businessLogicService::BusinessLogicService::Stub::favoritesList,
                  WithToken<::businessLogicService::FavoritesListRequest>(), info);
  }
  template <class Stub, class Request, class Reply>
  static grpc::Status Answer(Stub& stub,
                             grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                          Reply*),
                             const Request& request, ::common::ReplyInfo* info) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
    Reply reply;
    const grpc::Status status = (stub.*method)(&context, request, &reply);
    *info = reply.replyinfo();
    return status;
  }
  grpc::Status CreateRoom(const std::string& name, ::common::ReplyInfo* info) {
    auto request = WithToken<::roomService::RoomCreateRequest>();
    request.mutable_room()->set_displayname(name);
    return Answer(house_.room(), &::roomService::roomService::Stub::Create, request, info);
  }
  grpc::Status CreateUser(const std::string& name, ::common::ReplyInfo* info) {
    auto request = WithToken<::user::UserCreateRequest>();
    request.mutable_user()->set_email(name + "@acme.example");
    return Answer(house_.user(), &::user::UserService::Stub::userCreate, request, info);
  }
  // How many of the names are in that column of that table.
  std::string Count(const std::string& service, const std::string& place,
                    const std::vector<std::string>& names, const std::string& behind = "") {
    if (names.empty()) return "0";
    return house_.database(service).Ask(
        absl::StrCat("SELECT count(*) FROM ", place, " IN ('",
                     absl::StrJoin(names, absl::StrCat(behind, "','")), behind, "')"));
  }
  // The server finds its database again by itself.
  void ExpectServesAgain(const std::string& service) {
    const absl::Time until = absl::Now() + kPatience;
    ::common::ReplyInfo info;
    grpc::Status status = Read(service, &info);
    while (!status.ok() && absl::Now() < until) {
      EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE) << status.error_message();
      status = Read(service, &info);
    }
    EXPECT_TRUE(status.ok()) << service << ": " << status.error_message();
    EXPECT_EQ(info.statuscode(), ::common::OK) << service << ": " << info.ShortDebugString();
  }

  House& house_ = House::Get();
  const SignedIn admin_ = house_.SignIn(house_.acme());
};

TEST_F(DatabaseOutageTest, NoRoomThatWasAcknowledgedIsLostWithItsConnection) {
  Writers writers(4, [this](const auto& name, auto* info) { return CreateRoom(name, info); });
  for (int round = 0; round < 5; ++round) {
    ASSERT_TRUE(writers.AwaitAcknowledged(20)) << house_.Log("room");
    EXPECT_GT(EndConnections(house_.database("room")), 0);
  }
  EXPECT_TRUE(writers.AwaitAcknowledged(20)) << "the server does not recover";
  writers.Stop();
  EXPECT_THAT(writers.wrong_answers(), IsEmpty());
  EXPECT_EQ(Count("room", "rooms WHERE display_name", writers.acknowledged()),
            absl::StrCat(writers.acknowledged().size()));
  EXPECT_EQ(Count("room", "rooms WHERE display_name", writers.refused()), "0")
      << "something was changed that the client was told to repeat";
}

TEST_F(DatabaseOutageTest, NoUserThatWasAcknowledgedIsLostWithAConnectionOfEitherService) {
  Writers writers(4, [this](const auto& name, auto* info) { return CreateUser(name, info); });
  for (const char* service : {"user", "auth", "user", "auth"}) {
    ASSERT_TRUE(writers.AwaitAcknowledged(20)) << house_.Log("user");
    EXPECT_GT(EndConnections(house_.database(service)), 0);
  }
  EXPECT_TRUE(writers.AwaitAcknowledged(20)) << "the servers do not recover";
  writers.Stop();
  EXPECT_THAT(writers.wrong_answers(), IsEmpty());
  EXPECT_EQ(
      Count("user", "users WHERE state = 2 AND email", writers.acknowledged(), "@acme.example"),
      absl::StrCat(writers.acknowledged().size()));
}

TEST_F(DatabaseOutageTest, EveryServerOutlivesTheEndOfAllItsConnections) {
  for (const std::string& service : House::Services()) {
    EndConnections(house_.database(service));
    ExpectServesAgain(service);
  }
}

TEST_F(DatabaseOutageTest, ACallWithoutDatabaseIsUndecidedAndSaysNothingOfTheDriver) {
  for (const std::string& service : House::Services()) {
    {
      const DatabaseOutage outage(house_, service);
      ::common::ReplyInfo info;
      const grpc::Status status = Read(service, &info);
      EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE) << service;
      EXPECT_EQ(status.error_message(), kOutOfReach) << service;
    }
    ExpectServesAgain(service);
  }
}

TEST_F(DatabaseOutageTest, ASignInWithoutDatabaseIsUndecidedWhetherTheSecretIsRightOrNot) {
  {
    const DatabaseOutage outage(house_, "auth");
    for (const std::string& password : {house_.acme().password, std::string("not the password")}) {
      const auto request = WithPassword(house_.acme().company, house_.acme().username, password);
      ::common::ReplyInfo info;
      const grpc::Status status =
          Answer(house_.auth(), &::authentication::AuthenticationService::Stub::authenticate,
                 request, &info);
      EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
      EXPECT_EQ(status.error_message(), kOutOfReach);
    }
  }
  ExpectServesAgain("auth");
}

TEST_F(DatabaseOutageTest, TokensAreJudgedWhileTheDatabaseOfAuthIsAway) {
  {
    const DatabaseOutage outage(house_, "auth");
    ::common::ReplyInfo info;
    EXPECT_TRUE(Read("room", &info).ok());
    EXPECT_EQ(info.statuscode(), ::common::OK);
    ::common::AccessInfo request;
    request.set_accesstoken(admin_.access_token);
    grpc::ClientContext context;
    EXPECT_TRUE(house_.auth().isAuthenticated(&context, request, &info).ok());
    EXPECT_EQ(info.statuscode(), ::common::OK);
  }
  ExpectServesAgain("auth");
}

TEST_F(DatabaseOutageTest, AUserWhomAuthCouldNotWriteDownIsSeenByNobody) {
  const std::string name = NewUuid();
  {
    const DatabaseOutage outage(house_, "auth");
    ::common::ReplyInfo info;
    EXPECT_EQ(CreateUser(name, &info).error_code(), grpc::StatusCode::UNAVAILABLE);
  }
  ExpectServesAgain("auth");
  EXPECT_EQ(Count("user", "users WHERE state = 2 AND email", {name}, "@acme.example"), "0");
}

}  // namespace database_outage_test
}  // namespace usher
