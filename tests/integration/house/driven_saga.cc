#include "tests/integration/house/driven_saga.h"

#include <gmock/gmock.h>

#include <stdexcept>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/house/asking.h"
#include "tests/support/credentials.h"

namespace usher {
namespace {

constexpr absl::Duration kPatient = absl::Seconds(30);

::user::UserCreateRequest CreationOf(const std::string& email) {
  ::user::UserCreateRequest request;
  request.mutable_user()->set_email(email);
  *request.mutable_authenticationrequest() = WithPassword("", email, "the password of " + email);
  return request;
}

auto CreateUser(SagaClient& client, const std::string& email, const Manner& manner) {
  return Call<::user::UserService>(client.house(), "user", &UserStub::userCreate, client.admin(),
                                   CreationOf(email), manner);
}

class Creation final : public DrivenSaga {
 public:
  explicit Creation(SagaClient& client) : DrivenSaga(client) {}

  Told Ask(const std::string& request, int number, absl::Duration patience) override {
    return CreateUser(client_, email_, {request, number, patience, email_}).told();
  }
  void Judge(Told told) override {
    const std::string before = Everything();
    EXPECT_THAT(before, ::testing::AnyOf("11", "00")) << email_;
    if (told == Told::kDone) EXPECT_EQ(before, "11") << "told to be there: " << email_;
    if (told == Told::kNotDone) EXPECT_EQ(before, "00") << "told not to be there: " << email_;
    const auto again = CreateUser(client_, email_, {NewUuid(), 1, kPatient, email_});
    EXPECT_EQ(again.told(), Told::kDone) << again.Text();
    EXPECT_EQ(Everything(), "11") << "once";
    EXPECT_EQ(Rows("user", absl::StrCat("users WHERE user_id = '", again.reply.userid(),
                                        "' AND email = '", email_, "'")),
              "1");
  }

 private:
  std::string Everything() const {
    return absl::StrCat(Rows("user", absl::StrCat("users WHERE email = '", email_, "'")),
                        Rows("auth", absl::StrCat("methods WHERE principal = '", email_, "'")));
  }

  const std::string email_ = NewUuid() + "@x.org";
};

// The profile of somebody whom auth alone knows, together with another password.
class ProfileMaking final : public DrivenSaga {
 public:
  explicit ProfileMaking(SagaClient& client) : DrivenSaga(client) {}

  bool Prepare() override {
    ::authentication::AuthenticationCreateRequest request;
    *request.mutable_authenticationrequest() = WithPassword("", name_, "the first password");
    const auto made = Call<::authentication::AuthenticationService>(
        house_, "auth", &AuthStub::authenticationCreate, client_.admin(), request, {NewUuid()});
    user_ = made.reply.userid();
    return made.told() == Told::kDone;
  }
  Told Ask(const std::string& request, int number, absl::Duration patience) override {
    return Update({request, number, patience, ""}).told();
  }
  void Judge(Told told) override {
    EXPECT_THAT(Profiles(), ::testing::AnyOf("1", "0"));
    if (told == Told::kDone) EXPECT_EQ(Profiles(), "1");
    EXPECT_EQ(Rows("auth", absl::StrCat("methods WHERE principal = '", name_, "'")), "1");
    const auto again = Update({NewUuid()});
    EXPECT_EQ(again.told(), Told::kDone) << again.Text();
    EXPECT_EQ(Profiles(), "1");
  }

 private:
  Answer<::common::ReplyInfo> Update(const Manner& manner) {
    ::user::UserUpdateRequest request;
    request.set_userid(user_);
    request.mutable_user()->mutable_userprofile()->set_firstname("Ann");
    *request.mutable_authenticationrequest() = WithPassword("", name_, "the second password");
    return Call<::user::UserService>(house_, "user", &UserStub::userUpdate, client_.admin(),
                                     request, manner);
  }
  std::string Profiles() const {
    return Rows("user", absl::StrCat("users WHERE user_id = '", user_, "'"));
  }

  const std::string name_ = NewUuid();
  std::string user_;
};

class Removal final : public DrivenSaga {
 public:
  explicit Removal(SagaClient& client) : DrivenSaga(client) {}

  bool Prepare() override {
    const auto made = CreateUser(client_, email_, {NewUuid()});
    user_ = made.reply.userid();
    return made.told() == Told::kDone && LetIn() && AddFavorite();
  }
  Told Ask(const std::string& request, int number, absl::Duration patience) override {
    return Destroy({request, number, patience, ""}).told();
  }
  void Judge(Told told) override {
    const std::string left = Everything();
    EXPECT_THAT(left, ::testing::AnyOf("1111", "0000")) << email_;
    if (told == Told::kDone) EXPECT_EQ(left, "0000") << "told to be gone: " << email_;
    if (told == Told::kNotDone) EXPECT_EQ(left, "1111") << "told to be there: " << email_;
    if (left == "1111") return;
    const auto another = CreateUser(client_, email_, {NewUuid()});
    EXPECT_EQ(another.told(), Told::kDone) << "address and name are free: " << another.Text();
    EXPECT_NE(another.reply.userid(), user_) << "A14: no ID is used again";
    EXPECT_EQ(Everything(), "1100") << "and nothing of the former one is inherited";
  }

 private:
  Answer<::common::ReplyInfo> Destroy(const Manner& manner) {
    ::user::UserDestroyRequest request;
    request.set_userid(user_);
    return Call<::user::UserService>(house_, "user", &UserStub::userDestroy, client_.admin(),
                                     request, manner);
  }
  bool LetIn() {
    ::roomService::RoomUpdateRequest request;
    request.set_roomid(client_.room());
    RoomRightsToWire({RoomRight::kJoin}, &(*request.mutable_room()->mutable_permissions())[user_]);
    return Call<::roomService::roomService>(house_, "room", &RoomStub::Update, client_.admin(),
                                            request, {NewUuid()})
               .told() == Told::kDone;
  }
  bool AddFavorite() {
    ::businessLogicService::FavoritesUpdateRequest request;
    request.set_userid(user_);
    (*request.mutable_roomids())[client_.room()] = true;
    return Call<::businessLogicService::BusinessLogicService>(house_, "business-logic",
                                                              &BusinessLogicStub::favoritesUpdate,
                                                              client_.admin(), request, {NewUuid()})
               .told() == Told::kDone;
  }
  // Profile, method, and what room and business logic keep.
  std::string Everything() const {
    const std::string of_user = absl::StrCat(" WHERE user_id = '", user_, "'");
    return absl::StrCat(Rows("user", absl::StrCat("users WHERE email = '", email_, "'")),
                        Rows("auth", absl::StrCat("methods WHERE principal = '", email_, "'")),
                        Rows("room", "room_rights" + of_user),
                        Rows("business-logic", "favorites" + of_user));
  }

  const std::string email_ = NewUuid() + "@x.org";
  std::string user_;
};

// Auth's company, user and method, the profile, and the company itself.
class CompanySaga : public DrivenSaga {
 protected:
  explicit CompanySaga(SagaClient& client) : DrivenSaga(client) {}

  Answer<::companyService::CompanyCreateReply> Found(const Manner& manner) {
    ::companyService::CompanyCreateRequest request;
    request.mutable_company()->set_displayname(company_);
    *request.mutable_usercreaterequest()->mutable_authenticationrequest() =
        WithPassword("", "ann", "the password of a founder");
    return Call<::companyService::CompanyService>(house_, "company", &CompanyStub::companyCreate,
                                                  client_.operator_token(), request, manner);
  }
  std::string Everything() const {
    std::string all;
    for (const auto& [service, table] :
         std::vector<std::pair<std::string, std::string>>{{"auth", "companies"},
                                                          {"auth", "users"},
                                                          {"auth", "methods"},
                                                          {"user", "users"},
                                                          {"company", "companies"}}) {
      absl::StrAppend(&all,
                      Rows(service, absl::StrCat(table, " WHERE company_id = '", company_, "'")));
    }
    return all;
  }

  const std::string company_ = absl::StrCat("c-", NewUuid());
};

class Founding final : public CompanySaga {
 public:
  explicit Founding(SagaClient& client) : CompanySaga(client) {}

  Told Ask(const std::string& request, int number, absl::Duration patience) override {
    return Found({request, number, patience, company_}).told();
  }
  void Judge(Told told) override {
    const std::string before = Everything();
    EXPECT_THAT(before, ::testing::AnyOf("11111", "00000")) << company_;
    if (told == Told::kDone) EXPECT_EQ(before, "11111") << "told to be there: " << company_;
    if (told == Told::kNotDone) EXPECT_EQ(before, "00000") << "told not to be there: " << company_;
    const auto again = Found({NewUuid(), 1, kPatient, company_});
    EXPECT_EQ(again.told(), Told::kDone) << "the ID is free: " << again.Text();
    EXPECT_EQ(Everything(), "11111") << "once";
  }
};

class Destruction final : public CompanySaga {
 public:
  explicit Destruction(SagaClient& client) : CompanySaga(client) {}

  bool Prepare() override { return Found({NewUuid()}).told() == Told::kDone; }
  Told Ask(const std::string& request, int number, absl::Duration patience) override {
    ::companyService::CompanyDestroyRequest destruction;
    destruction.set_companyid(company_);
    return Call<::companyService::CompanyService>(house_, "company", &CompanyStub::companyDestroy,
                                                  client_.operator_token(), destruction,
                                                  {request, number, patience, ""})
        .told();
  }
  void Judge(Told told) override {
    const std::string left = Everything();
    EXPECT_THAT(left, ::testing::AnyOf("11111", "00000")) << company_;
    if (told == Told::kDone) EXPECT_EQ(left, "00000") << "told to be gone: " << company_;
    if (told == Told::kNotDone) EXPECT_EQ(left, "11111") << "told to be there: " << company_;
    if (left == "11111") return;
    const auto again = Found({NewUuid()});
    EXPECT_EQ(again.told(), Told::kDone) << "the ID is free: " << again.Text();
    EXPECT_EQ(Everything(), "11111");
  }
};

}  // namespace

SagaClient::SagaClient(DoubleHouse& houses) : houses_(houses) {
  admin_ = house().SignIn(house().acme()).access_token;
  operator_ = house().SignIn(house().operator_company()).access_token;
  ::roomService::RoomCreateRequest request;
  request.mutable_room()->set_displayname("everybody's");
  request.mutable_room()->mutable_defaultpermissions()->set_join(true);
  const auto made = Call<::roomService::roomService>(house(), "room", &RoomStub::Create, admin_,
                                                     request, {NewUuid()});
  if (made.told() != Told::kDone) throw std::runtime_error("no room: " + made.Text());
  room_ = made.reply.roomid();
}

std::unique_ptr<DrivenSaga> DrivenSaga::Make(const std::string& kind, SagaClient& client) {
  if (kind == "creation") return std::make_unique<Creation>(client);
  if (kind == "profile") return std::make_unique<ProfileMaking>(client);
  if (kind == "removal") return std::make_unique<Removal>(client);
  if (kind == "founding") return std::make_unique<Founding>(client);
  if (kind == "destruction") return std::make_unique<Destruction>(client);
  throw std::invalid_argument(kind);
}

std::string DrivenSaga::Rows(const std::string& service, const std::string& what) const {
  return house_.database(service).Ask("SELECT count(*) FROM " + what);
}

}  // namespace usher
