// What every CompanyPages must answer. Instantiated with a fixture that has `CompanyPages& pages()`
// and `SetBase(base)`, which lets the company "acme" say what its join links begin with.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/room/company_pages.h"
#include "tests/support/a_caller.h"
#include "tests/support/status_matchers.h"

namespace usher::room {

template <class Fixture>
class CompanyPagesContract : public Fixture {
 protected:
  absl::StatusOr<std::string> BaseOf(const std::string& company) {
    return this->pages().JoinLinkBase(ACall(company), CompanyId(company));
  }
};

TYPED_TEST_SUITE_P(CompanyPagesContract);

TYPED_TEST_P(CompanyPagesContract, ACompanyAnswersWhatItSaysUntilItSaysNothingAnyMore) {
  this->SetBase("https://meet.acme.example/app");
  EXPECT_THAT(this->BaseOf("acme"), IsOkAndHolds("https://meet.acme.example/app"));
  this->SetBase("");
  EXPECT_THAT(this->BaseOf("acme"), IsOkAndHolds(""));
}

TYPED_TEST_P(CompanyPagesContract, OthersAndThoseThatAreNotThereSayNothing) {
  this->SetBase("https://meet.acme.example");
  EXPECT_THAT(this->BaseOf("globex"), IsOkAndHolds(""));
  EXPECT_THAT(this->BaseOf("no-such-company"), IsOkAndHolds(""));
  this->SetBase("");
}

REGISTER_TYPED_TEST_SUITE_P(CompanyPagesContract,
                            ACompanyAnswersWhatItSaysUntilItSaysNothingAnyMore,
                            OthersAndThoseThatAreNotThereSayNothing);

}  // namespace usher::room
