// The languages of users, as clients and the other servers see them.
#include <usher/internal/v1/user.grpc.pb.h>

#include "tests/integration/user/user_over_the_wire.h"

namespace usher {
namespace locale_over_the_wire_test {

using ::usher::internal::v1::DescribeProfileReply;
using ::usher::internal::v1::UserInternal;

class LocaleOverTheWire : public UserOverTheWire {
 protected:
  static ::common::User Speaking(const std::string& ui, const std::vector<std::string>& spoken) {
    ::common::User user;
    user.mutable_locale()->set_uilanguage(ui);
    for (const std::string& language : spoken) user.mutable_locale()->add_spokenlanguages(language);
    return user;
  }
  ::user::UserGetLocaleReply GetLocale(const std::string& token, const std::string& id) {
    ::user::UserGetLocaleRequest request;
    request.set_userid(id);
    return Ask(&UserStub::userGetLocale, As(token, request));
  }
  // As auth asks for it.
  DescribeProfileReply Describe(const std::string& id, const std::string& company = "acme") {
    ::usher::internal::v1::DescribeProfileRequest request;
    request.set_company_id(company);
    request.set_user_id(id);
    grpc::ClientContext context;
    DescribeProfileReply reply;
    const auto stub = UserInternal::NewStub(house_.InternalChannel("user", "auth"));
    EXPECT_TRUE(stub->describeProfile(&context, request, &reply).ok());
    return reply;
  }
};

TEST_F(LocaleOverTheWire, LanguagesAreKeptAndToldInListsAndByThemselves) {
  ::common::User user = Speaking("de-AT", {"de", "en-GB"});
  user.set_email(NewEmail());
  const std::string ann = Make(user);
  EXPECT_THAT(Find(ann)->locale(), EqualsProto(user.locale()));
  const auto reply = GetLocale(TokenWith({Permission::kUserShow}), ann);
  EXPECT_THAT(reply, Answers(::common::OK));
  EXPECT_THAT(reply.locale(), EqualsProto(user.locale()));

  const std::string none = Make(UserWith(NewEmail()));
  EXPECT_FALSE(Find(none)->has_locale());
  const auto empty = GetLocale(AdminOf("acme"), none);
  EXPECT_THAT(empty, Answers(::common::OK));
  EXPECT_THAT(empty.locale(), EqualsProto(::common::Locale()));
}

TEST_F(LocaleOverTheWire, OneselfChangesTheOwnLanguagesAndOthersTakeUserAdmin) {
  const Account ann = NewUser();
  const std::string token = SignIn(ann).access_token;
  EXPECT_THAT(Update(token, ann.user, Speaking("fr", {"fr"})), Answers(::common::OK));
  EXPECT_THAT(Update(token, ann.user, Speaking("", {"it", "fr"})), Answers(::common::OK));
  EXPECT_THAT(GetLocale(token, ann.user).locale(),
              EqualsProto(Speaking("fr", {"it", "fr"}).locale()));
  EXPECT_THAT(Update(TokenWith({Permission::kUserShow}), ann.user, Speaking("de", {})),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Update(TokenWith({Permission::kUserAdmin}), ann.user, Speaking("de", {})),
              Answers(::common::OK));
  EXPECT_EQ(GetLocale(token, ann.user).locale().uilanguage(), "de");
}

TEST_F(LocaleOverTheWire, WhatIsNoLanguageIsRefused) {
  const std::string ann = Make(UserWith(NewEmail()));
  EXPECT_THAT(Update(AdminOf("acme"), ann, Speaking("de_DE", {})),
              Answers(::common::PROTOCOL_ERROR));
  EXPECT_THAT(Create(AdminOf("acme"), Creating(Speaking("", {"the german language"}))),
              Answers(::common::PROTOCOL_ERROR));
  EXPECT_THAT(Update(AdminOf("acme"), ann, Speaking("", std::vector<std::string>(21, "de"))),
              Answers(::common::MAX_SIZE_EXCEEDED));
  EXPECT_FALSE(Find(ann)->has_locale());
}

TEST_F(LocaleOverTheWire, LanguagesOfNobodyAndOfStrangersAreNotFound) {
  const std::string theirs = Make(Speaking("de", {}), "globex");
  EXPECT_THAT(GetLocale(AdminOf("acme"), theirs), Answers(::common::NOT_FOUND));
  EXPECT_THAT(GetLocale(AdminOf("acme"), NewUuid()), Answers(::common::NOT_FOUND));
  EXPECT_THAT(GetLocale(AdminOf("acme"), "abc"), Answers(::common::USER_ID_INVALID));
  EXPECT_THAT(GetLocale(AdminOf("acme"), ""), Answers(::common::REQUEST_EMPTY));
  EXPECT_THAT(GetLocale(TokenWith({}), NewUuid()), Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(GetLocale("", NewUuid()), Answers(::common::ACCESS_INFO_MISSING));
}

TEST_F(LocaleOverTheWire, AuthIsToldWhomToWriteToAndInWhichLanguage) {
  ::common::User user = Speaking("de-AT", {"de"});
  user.set_email(NewEmail());
  user.mutable_userprofile()->set_firstname("Ann");
  user.mutable_userprofile()->set_lastname("Arbor");
  const std::string ann = Make(user);
  DescribeProfileReply expected;
  expected.set_found(true);
  expected.set_email(user.email());
  expected.set_firstname("Ann");
  expected.set_lastname("Arbor");
  expected.set_ui_language("de-AT");
  DescribeProfileReply told = Describe(ann);
  EXPECT_THAT(told, Answers(::common::OK));
  told.clear_replyinfo();
  EXPECT_THAT(told, EqualsProto(expected));
}

TEST_F(LocaleOverTheWire, OfWhoHasNoProfileAuthIsToldThat) {
  const std::string ann = Make(UserWith(NewEmail()));
  const std::string gone = Make(UserWith(NewEmail()));
  ASSERT_THAT(Destroy(AdminOf("acme"), gone), Answers(::common::OK));
  for (const auto& told : {Describe(NewUuid()), Describe(NewAccount().user),
                           Describe(ann, "globex"), Describe(gone)}) {
    EXPECT_THAT(told, Answers(::common::OK));
    EXPECT_FALSE(told.found()) << told.ShortDebugString();
    EXPECT_EQ(told.email(), "");
  }
  EXPECT_THAT(Describe("abc"), Answers(::common::USER_ID_INVALID));
  EXPECT_THAT(Describe(""), Answers(::common::REQUEST_EMPTY));
}

}  // namespace locale_over_the_wire_test
}  // namespace usher
