#include "services/user/user_wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/status/reply_error.h"
#include "tests/support/status_matchers.h"

namespace usher::user {
namespace user_wire_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr char kAnn[] = "01900000-0000-7000-8000-0000000000ab";
constexpr char kBob[] = "01900000-0000-7000-8000-0000000000cd";

TEST(UserWire, AUserIsReadFieldByField) {
  ::common::User wire;
  wire.set_email(" Ann@Example.org ");
  wire.mutable_userprofile()->set_firstname(" Ann");
  wire.mutable_userprofile()->set_lastname("Arbor ");
  wire.mutable_userprofile()->set_title("Dr.");
  (*wire.mutable_metadata())["colour"] = "";
  const auto change = FromWire(wire);
  ASSERT_OK(change);
  EXPECT_EQ(change->email, "Ann@Example.org");
  EXPECT_EQ(change->profile, (Profile{"Ann", "Arbor", "Dr."}));
  EXPECT_THAT(change->metadata, ElementsAre(Pair("colour", "")));
}

TEST(UserWire, LanguagesAreReadTagByTag) {
  ::common::User wire;
  wire.mutable_locale();
  EXPECT_TRUE(FromWire(wire)->empty());
  wire.mutable_locale()->set_uilanguage(" de ");
  for (const char* tag : {"de", " ", "en-GB"}) wire.mutable_locale()->add_spokenlanguages(tag);
  const auto change = FromWire(wire);
  ASSERT_OK(change);
  EXPECT_EQ(change->locale, (Locale{"de", {"de", "en-GB"}}));
}

TEST(UserWire, AUserSpeaksUpToTwentyLanguages) {
  ::common::User wire;
  for (int i = 0; i < 20; ++i) wire.mutable_locale()->add_spokenlanguages("de");
  EXPECT_OK(FromWire(wire));
  wire.mutable_locale()->add_spokenlanguages("de");
  const auto refused = FromWire(wire);
  EXPECT_THAT(refused, HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("spokenLanguages"));
}

TEST(UserWire, AUserOfNothingButSpaceIsEmpty) {
  ::common::User wire;
  EXPECT_TRUE(FromWire(wire)->empty());
  wire.set_email("  ");
  wire.mutable_userprofile()->set_firstname(" \t");
  EXPECT_TRUE(FromWire(wire)->empty());
}

TEST(UserWire, AnAddressHasOneAtAndSomethingAroundIt) {
  for (const char* email : {"ann", "@x.org", "ann@", "a@b@c", "a b@x.org", "a\nb@x.org", "<a@x>"}) {
    ::common::User wire;
    wire.set_email(email);
    EXPECT_THAT(FromWire(wire), HasReplyCode(::common::PROTOCOL_ERROR)) << email;
  }
  ::common::User wire;
  wire.set_email("a@" + std::string(252, 'x'));
  EXPECT_OK(FromWire(wire));
  wire.set_email("a@" + std::string(253, 'x'));
  EXPECT_THAT(FromWire(wire), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

TEST(UserWire, NamesKeepTheirLimits) {
  using Setter = void (*)(::common::UserProfile&, const std::string&);
  for (const Setter set :
       {Setter([](auto&profile, const auto&name) { profile.set_firstname(name); }),
        Setter([](auto&profile, const auto&name) { profile.set_lastname(name); }),
        Setter([](auto&profile, const auto&name) { profile.set_title(name); })}) {
    ::common::User wire;
    std::string longest;
    for (int i = 0; i < 255; ++i) longest += "\xc3\xb6";
    set(*wire.mutable_userprofile(), longest);
    EXPECT_OK(FromWire(wire));
    EXPECT_OK(FromWire(wire.userprofile()));
    set(*wire.mutable_userprofile(), longest + "x");
    EXPECT_THAT(FromWire(wire), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
    EXPECT_THAT(FromWire(wire.userprofile()), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
    set(*wire.mutable_userprofile(), "a\x01z");
    EXPECT_THAT(FromWire(wire), HasReplyCode(::common::PROTOCOL_ERROR));
  }
}

TEST(UserWire, WhoeverNamesNobodyMeansTheOwnProfile) {
  ::user::UserProfileUpdateRequest request;
  EXPECT_THAT(FromWire(request, UserId(kAnn)), HasReplyCode(::common::REQUEST_EMPTY));
  request.mutable_userprofile()->set_firstname(" Ann ");
  auto wish = FromWire(request, UserId(kAnn));
  ASSERT_OK(wish);
  EXPECT_EQ(wish->user, UserId(kAnn));
  EXPECT_EQ(wish->profile, (Profile{"Ann", "", ""}));
  request.set_userid(absl::AsciiStrToUpper(kBob));
  wish = FromWire(request, UserId(kAnn));
  ASSERT_OK(wish);
  EXPECT_EQ(wish->user, UserId(kBob));
  request.set_userid("abc");
  EXPECT_THAT(FromWire(request, UserId(kAnn)), HasReplyCode(::common::USER_ID_INVALID));
}

TEST(UserWire, MetadataKeepTheirLimits) {
  ::common::User wire;
  (*wire.mutable_metadata())["k"] = std::string(4096, 'x');
  EXPECT_OK(FromWire(wire));
  (*wire.mutable_metadata())["k"] = std::string(4097, 'x');
  EXPECT_THAT(FromWire(wire), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  wire.clear_metadata();
  (*wire.mutable_metadata())[std::string(129, 'k')] = "x";
  EXPECT_THAT(FromWire(wire), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  wire.clear_metadata();
  for (int i = 0; i <= 100; ++i) (*wire.mutable_metadata())[absl::StrCat(i)] = "x";
  EXPECT_THAT(FromWire(wire), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

// docs/contract.md, "Which code when".
TEST(UserWire, WhatIsWrongWithAFieldIsToldByItsCode) {
  struct Case {
    const char* wrong;
    std::function<void(::common::User&)> with;
    ReplyCode code;
  };
  const std::vector<Case> cases = {
      {"no address", [](auto& user) { user.set_email("ann"); }, ::common::PROTOCOL_ERROR},
      {"an address nobody can read", [](auto& user) { user.set_email("a\u200bnn@x.org"); },
       ::common::PROTOCOL_ERROR},
      {"no language", [](auto& user) { user.mutable_locale()->set_uilanguage("de_DE"); },
       ::common::PROTOCOL_ERROR},
      {"no spoken language",
       [](auto& user) { user.mutable_locale()->add_spokenlanguages("the german one"); },
       ::common::PROTOCOL_ERROR},
      {"too long a language",
       [](auto& user) { user.mutable_locale()->set_uilanguage(std::string(65, 'a')); },
       ::common::MAX_SIZE_EXCEEDED},
      {"no UTF-8", [](auto& user) { user.mutable_userprofile()->set_title("\xff"); },
       ::common::PROTOCOL_ERROR},
      {"a name nobody sees", [](auto& user) { user.mutable_userprofile()->set_lastname("\u2800"); },
       ::common::PROTOCOL_ERROR},
      {"too long", [](auto& user) { user.set_email(std::string(256, 'a') + "@x.org"); },
       ::common::MAX_SIZE_EXCEEDED},
      {"an entry without a key", [](auto& user) { (*user.mutable_metadata())[""] = "x"; },
       ::common::PROTOCOL_ERROR},
      {"too large an entry",
       [](auto& user) { (*user.mutable_metadata())["k"] = std::string(4097, 'x'); },
       ::common::MAX_SIZE_EXCEEDED},
  };
  for (const Case& one : cases) {
    ::common::User wire;
    one.with(wire);
    EXPECT_THAT(FromWire(wire), HasReplyCode(one.code)) << one.wrong;
  }
}

TEST(UserWire, CredentialsOfNothingAreNone) {
  ::authentication::AuthenticationRequest wire;
  EXPECT_FALSE(CredentialsFromWire(wire).has_value());
  wire.mutable_usernamepasswordcredentials();
  EXPECT_TRUE(CredentialsFromWire(wire).has_value());
}

TEST(UserWire, CredentialsGoOnAsTheyCame) {
  ::authentication::AuthenticationRequest wire;
  wire.mutable_usernamepasswordcredentials()->set_username("ann");
  wire.mutable_usernamepasswordcredentials()->set_password("secret");
  (*wire.mutable_permissions())[1] = true;
  const auto credentials = CredentialsFromWire(wire);
  ASSERT_TRUE(credentials.has_value());
  ::authentication::AuthenticationRequest again;
  ASSERT_TRUE(again.ParseFromString(std::string(credentials->bytes.Reveal())));
  EXPECT_THAT(again, EqualsProto(wire));
}

TEST(UserWire, WithoutAnIdAProfileIsTheCallersOwn) {
  ::user::UserProfileUpdateRequest request;
  EXPECT_THAT(FromWire(request, UserId(kAnn)), HasReplyCode(::common::REQUEST_EMPTY));
  request.mutable_userprofile()->set_firstname("Ann");
  const auto own = FromWire(request, UserId(kAnn));
  ASSERT_OK(own);
  EXPECT_EQ(own->user, UserId(kAnn));
  EXPECT_EQ(own->profile, (Profile{"Ann", "", ""}));
  request.set_userid(absl::AsciiStrToUpper(kBob));
  const auto other = FromWire(request, UserId(kAnn));
  ASSERT_OK(other);
  EXPECT_EQ(other->user, UserId(kBob));
  request.set_userid("abc");
  EXPECT_THAT(FromWire(request, UserId(kAnn)), HasReplyCode(::common::USER_ID_INVALID));
}

}  // namespace user_wire_test
}  // namespace usher::user
