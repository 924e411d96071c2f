#include "services/auth/directory/ldap_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace usher::auth {
namespace ldap_names_test {

TEST(LdapNames, WhatMeansSomethingToLdapIsWrittenInHex) {
  EXPECT_EQ(EscapedForLdap("ann.o-neil_2@example.org"), "ann.o-neil_2@example.org");
  EXPECT_EQ(EscapedForLdap("*)(uid=*"), "\\2A\\29\\28uid\\3D\\2A");
  EXPECT_EQ(EscapedForLdap("a,b+c\"d\\e<f>;#"), "a\\2Cb\\2Bc\\22d\\5Ce\\3Cf\\3E\\3B\\23");
  EXPECT_EQ(EscapedForLdap(" a "), "\\20a\\20");
  EXPECT_EQ(EscapedForLdap(std::string("a\0b", 3)), "a\\00b");
  EXPECT_EQ(EscapedForLdap("\xc3\xbc"), "\\C3\\BC");
}

TEST(LdapNames, APatternTakesTheNameInAllItsPlaces) {
  EXPECT_EQ(FilledPattern("(|(uid={user})(mail={user}))", "a)b"), "(|(uid=a\\29b)(mail=a\\29b))");
  // The name is no pattern.
  EXPECT_EQ(FilledPattern("uid={user}", "{user}"), "uid=\\7Buser\\7D");
}

TEST(LdapNames, TheSameEntryMayBeWrittenInSeveralWays) {
  EXPECT_TRUE(IsSameDn("uid=ann,dc=Example,dc=org", "UID=Ann, dc=example,dc=org"));
  EXPECT_TRUE(IsSameDn("cn=a\\2Cb,dc=org", "cn=a\\,b,dc=org"));
  EXPECT_TRUE(IsSameDn("cn=a+sn=b,dc=org", "sn=b+cn=a,dc=org"));
}

TEST(LdapNames, AnotherEntryIsAnotherEntry) {
  EXPECT_FALSE(IsSameDn("uid=ann,dc=org", "uid=anna,dc=org"));
  EXPECT_FALSE(IsSameDn("uid=ann,dc=org", "uid=ann"));
  EXPECT_FALSE(IsSameDn("uid=ann,dc=org", "uid=ann,dc=example,dc=org"));
  EXPECT_FALSE(IsSameDn("cn=a,cn=b", "cn=b,cn=a"));
  EXPECT_FALSE(IsSameDn("cn=a\\,b,dc=org", "cn=a,b=c,dc=org"));
}

TEST(LdapNames, WhatIsNoNameIsTheSameAsNothing) {
  for (const std::string& text : {std::string(), std::string("ann"), std::string("uid=ann,"),
                                  std::string("uid=ann\0,dc=org", 15), std::string("=")}) {
    EXPECT_FALSE(IsDn(text)) << text;
    EXPECT_FALSE(IsSameDn(text, text)) << text;
  }
  EXPECT_TRUE(IsDn("uid=ann"));
}

TEST(LdapNames, AFilterStandsInParenthesesThatBalance) {
  for (const char* filter : {"(uid=x)", "(&(uid=x)(!(a=b)))", "(|(a=1)(b=2))"}) {
    EXPECT_TRUE(LooksLikeFilter(filter)) << filter;
  }
  for (const char* filter : {"", "()", "uid=x", "(uid=x", "uid=x)", "(a=b)(c=d)", "(a=b))(c=d)"}) {
    EXPECT_FALSE(LooksLikeFilter(filter)) << filter;
  }
}

TEST(LdapNames, AnAttributeIsALetterAndWhatFollows) {
  for (const char* name : {"uid", "entryUUID", "x-y", "cn;lang-de"}) EXPECT_TRUE(IsAttribute(name));
  for (const char* name : {"", "1a", "a b", "a=b", "a)", "*", "ü"}) {
    EXPECT_FALSE(IsAttribute(name)) << name;
  }
}

}  // namespace ldap_names_test
}  // namespace usher::auth
