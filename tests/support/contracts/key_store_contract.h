// What every KeyStore does. A fixture has
//   KeyStore& keys();
//   std::vector<std::string> Rows();  // of the audit, in order: "key 1: added"
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "services/auth/key/key_store.h"
#include "tests/support/a_caller.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {

template <class Fixture>
class KeyStoreContract : public Fixture {
 protected:
  void Noted(const std::string& key, KeyState state, const char* company = "operator") {
    EXPECT_OK(this->keys().Note(ACall(), CompanyId(company), key, state));
  }
};

TYPED_TEST_SUITE_P(KeyStoreContract);

TYPED_TEST_P(KeyStoreContract, EachStepOfAKeyIsOneRowHoweverOftenItIsNoted) {
  for (const KeyState state :
       {KeyState::kAdded, KeyState::kInUse, KeyState::kWithdrawn, KeyState::kDeleted}) {
    for (int replica = 0; replica < 3; ++replica) this->Noted("1", state);
  }
  EXPECT_THAT(this->Rows(), ::testing::ElementsAre("key 1: added", "key 1: in use",
                                                   "key 1: withdrawn", "key 1: deleted"));
}

TYPED_TEST_P(KeyStoreContract, AServerThatStartsOrIsLateTellsNothingNew) {
  this->Noted("1", KeyState::kInUse);
  this->Noted("1", KeyState::kAdded);
  this->Noted("2", KeyState::kWithdrawn);
  this->Noted("2", KeyState::kInUse);
  EXPECT_THAT(this->Rows(), ::testing::ElementsAre("key 1: in use", "key 2: withdrawn"));
}

TYPED_TEST_P(KeyStoreContract, AKeyThatComesBackIsANewOne) {
  this->Noted("1", KeyState::kWithdrawn);
  this->Noted("1", KeyState::kAdded);
  this->Noted("1", KeyState::kInUse);
  EXPECT_THAT(this->Rows(),
              ::testing::ElementsAre("key 1: withdrawn", "key 1: added", "key 1: in use"));
}

TYPED_TEST_P(KeyStoreContract, KeysAndCompaniesAreApart) {
  this->Noted("1", KeyState::kAdded);
  this->Noted("pepper 1", KeyState::kAdded);
  this->Noted("1", KeyState::kAdded, "another");
  EXPECT_THAT(this->Rows(),
              ::testing::ElementsAre("key 1: added", "key pepper 1: added", "key 1: added"));
}

REGISTER_TYPED_TEST_SUITE_P(KeyStoreContract, EachStepOfAKeyIsOneRowHoweverOftenItIsNoted,
                            AServerThatStartsOrIsLateTellsNothingNew, AKeyThatComesBackIsANewOne,
                            KeysAndCompaniesAreApart);

}  // namespace usher::auth
