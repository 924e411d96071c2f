// What every Directory must do. A fixture has
//   Directory& directory();
//   void Add(const DirectoryPerson& person, const std::string& password);   // by name, addresses
//   void Remove(const std::string& name);
//   void SwitchOff(const std::string& name); void SwitchOn(const std::string& name);
//   void Break(); void Mend();                                              // out of reach
//   std::string DnOf(const std::string& name);
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/status/reply_error.h"
#include "services/auth/directory/directory.h"
#include "tests/support/a_caller.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {

template <class Fixture>
class DirectoryContract : public Fixture {
 protected:
  using Found = std::optional<DirectoryPerson>;

  static DirectoryPerson Ann() {
    return {.name = "Ann",
            .id = "",
            .email = "ann@example.org",
            .firstname = "Ann",
            .lastname = "Müller",
            .title = "Head"};
  }
  Found Recognise(const std::string& name, const std::string& password,
                  const std::string& bind_dn = "", const std::string& search_dn = "") {
    const auto found = this->directory().Recognise(ACall(), {.username = name,
                                                             .password = Secret(password),
                                                             .bind_dn = bind_dn,
                                                             .search_dn = search_dn});
    EXPECT_OK(found) << name;
    return found.ok() ? *found : std::nullopt;
  }
  bool Recognises(const std::string& name, const std::string& password,
                  const std::string& bind_dn = "", const std::string& search_dn = "") {
    return Recognise(name, password, bind_dn, search_dn).has_value();
  }
  Found Find(const std::string& name) {
    const auto found = this->directory().Find(ACall(), name);
    EXPECT_OK(found) << name;
    return found.ok() ? *found : std::nullopt;
  }
};
TYPED_TEST_SUITE_P(DirectoryContract);

TYPED_TEST_P(DirectoryContract, WhoHasNameAndPasswordIsRecognised) {
  this->Add(this->Ann(), "ann's password");
  const auto ann = this->Recognise("Ann", "ann's password");
  ASSERT_TRUE(ann.has_value());
  EXPECT_EQ(ann->name, "Ann");
  EXPECT_EQ(ann->email, "ann@example.org");
  EXPECT_EQ(ann->firstname, "Ann");
  EXPECT_EQ(ann->lastname, "Müller");
  EXPECT_EQ(ann->title, "Head");
  EXPECT_NE(ann->id, "");
}

TYPED_TEST_P(DirectoryContract, NamesAreComparedRegardlessOfCase) {
  this->Add(this->Ann(), "ann's password");
  const auto ann = this->Recognise("aNN", "ann's password");
  ASSERT_TRUE(ann.has_value());
  EXPECT_EQ(ann->name, "Ann");
}

TYPED_TEST_P(DirectoryContract, NobodyHasAnotherPassword) {
  this->Add(this->Ann(), "ann's password");
  this->Add({.name = "bob"}, "bob's password");
  EXPECT_FALSE(this->Recognises("Ann", "bob's password"));
  EXPECT_FALSE(this->Recognises("Ann", "Ann's password"));
  EXPECT_FALSE(this->Recognises("nobody", "ann's password"));
  // One that was refused does not stand in the way of the next.
  EXPECT_TRUE(this->Recognises("Ann", "ann's password"));
  EXPECT_FALSE(this->Recognises("Ann", "bob's password"));
  EXPECT_TRUE(this->Recognises("bob", "bob's password"));
}

// L14: a directory says yes to an empty password, and means nobody.
TYPED_TEST_P(DirectoryContract, ABlankPasswordIsNobodys) {
  this->Add(this->Ann(), "ann's password");
  for (const char* password : {"", " ", "\t \n"}) {
    EXPECT_FALSE(this->Recognises("Ann", password)) << '"' << password << '"';
  }
}

// L14: what would be a filter or a part of a name is a user name, which nobody has.
TYPED_TEST_P(DirectoryContract, ANameIsNothingButAName) {
  this->Add(this->Ann(), "ann's password");
  for (const char* name :
       {"*", "A*", "*)(uid=*", "*)(uid=*))(|(uid=*", "Ann)(objectClass=*", "Ann))(&(uid=Ann", "\\",
        "\\2a", "Ann\\", "Ann,ou=people", "uid=Ann", "Ann+sn=Ann", "Ann;", "#416e6e", "(Ann)",
        "\"Ann\"", "=", "<>", "An\xcc\x8an"}) {
    EXPECT_FALSE(this->Recognises(name, "ann's password")) << name;
    EXPECT_FALSE(this->Find(name).has_value()) << name;
  }
  EXPECT_FALSE(this->Recognises(std::string("Ann\0x", 5), "ann's password"));
}

TYPED_TEST_P(DirectoryContract, NamesOfAllSortsAreFound) {
  for (const char* name : {"o'neil (x)", "a,b", "a\\b", "a*b", "a+b=c;d", "<a>#", "\"quoted\"",
                           "jürgen", "名前", "a  b"}) {
    this->Add({.name = name}, "a password");
    const auto found = this->Recognise(name, "a password");
    ASSERT_TRUE(found.has_value()) << name;
    EXPECT_EQ(found->name, name);
    EXPECT_TRUE(this->Find(name).has_value()) << name;
  }
}

TYPED_TEST_P(DirectoryContract, WhoIsSwitchedOffOrGoneIsNobody) {
  this->Add(this->Ann(), "ann's password");
  EXPECT_TRUE(this->Find("ann").has_value());
  this->SwitchOff("Ann");
  EXPECT_FALSE(this->Recognises("Ann", "ann's password"));
  EXPECT_FALSE(this->Find("Ann").has_value());
  this->SwitchOn("Ann");
  EXPECT_TRUE(this->Recognises("Ann", "ann's password"));
  EXPECT_TRUE(this->Find("Ann").has_value());
  this->Remove("Ann");
  EXPECT_FALSE(this->Recognises("Ann", "ann's password"));
  EXPECT_FALSE(this->Find("Ann").has_value());
}

TYPED_TEST_P(DirectoryContract, AnEntryHasAnIdThatIsNobodyElsesEver) {
  this->Add(this->Ann(), "ann's password");
  this->Add({.name = "bob"}, "bob's password");
  const auto ann = this->Recognise("Ann", "ann's password");
  const auto bob = this->Recognise("bob", "bob's password");
  ASSERT_TRUE(ann.has_value() && bob.has_value());
  EXPECT_NE(ann->id, bob->id);
  const auto again = this->Find("Ann");
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->id, ann->id);
  this->Remove("Ann");
  this->Add(this->Ann(), "another password");
  const auto other = this->Recognise("Ann", "another password");
  ASSERT_TRUE(other.has_value());
  EXPECT_NE(other->id, ann->id);
}

// L14: who names another entry than the own one fits nobody, and nobody's name is used.
TYPED_TEST_P(DirectoryContract, NamesThatAreGivenBesidesHaveToFit) {
  this->Add(this->Ann(), "ann's password");
  this->Add({.name = "bob"}, "bob's password");
  const std::string own = this->DnOf("Ann");
  EXPECT_TRUE(this->Recognises("Ann", "ann's password", own));
  EXPECT_TRUE(this->Recognises("Ann", "ann's password", own, own));
  EXPECT_FALSE(this->Recognises("Ann", "bob's password", this->DnOf("bob")));
  EXPECT_FALSE(this->Recognises("Ann", "ann's password", this->DnOf("bob")));
  EXPECT_FALSE(this->Recognises("Ann", "ann's password", "", "dc=org"));
  EXPECT_FALSE(this->Recognises("Ann", "ann's password", "no name"));
}

TYPED_TEST_P(DirectoryContract, WhatIsOutOfReachIsARemoteErrorUntilItIsBack) {
  this->Add(this->Ann(), "ann's password");
  EXPECT_TRUE(this->Recognises("Ann", "ann's password"));
  this->Break();
  const DirectoryProof proof{.username = "Ann", .password = Secret("ann's password")};
  EXPECT_EQ(ReplyCodeOf(this->directory().Recognise(ACall(), proof).status()),
            ::common::REMOTE_ERROR);
  EXPECT_EQ(ReplyCodeOf(this->directory().Find(ACall(), "Ann").status()), ::common::REMOTE_ERROR);
  this->Mend();
  EXPECT_TRUE(this->Recognises("Ann", "ann's password"));
  EXPECT_TRUE(this->Find("Ann").has_value());
}

REGISTER_TYPED_TEST_SUITE_P(DirectoryContract, WhoHasNameAndPasswordIsRecognised,
                            NamesAreComparedRegardlessOfCase, NobodyHasAnotherPassword,
                            ABlankPasswordIsNobodys, ANameIsNothingButAName,
                            NamesOfAllSortsAreFound, WhoIsSwitchedOffOrGoneIsNobody,
                            AnEntryHasAnIdThatIsNobodyElsesEver, NamesThatAreGivenBesidesHaveToFit,
                            WhatIsOutOfReachIsARemoteErrorUntilItIsBack);

}  // namespace usher::auth
