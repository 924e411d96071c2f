#include "services/auth/mail/mail_seal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace mail_seal_test {

Pepper PepperOf(const std::string& keys) {
  std::vector<Secret> all;
  for (const char key : keys) all.emplace_back(std::string(32, key));
  return Pepper(all);
}

const CompanyId kCompany("acme");
const MailId kMail("01900000-0000-7000-8000-000000000001");

TEST(MailSealTest, WhatWasSealedCanBeReadAndIsNotSeen) {
  const MailSeal seal(PepperOf("a"));
  const std::string sealed = seal.Seal(Secret("the link"), kCompany, kMail);
  EXPECT_THAT(sealed, ::testing::Not(::testing::HasSubstr("link")));
  EXPECT_NE(sealed, seal.Seal(Secret("the link"), kCompany, kMail));
  const auto opened = seal.Open(sealed, kCompany, kMail);
  ASSERT_OK(opened);
  EXPECT_EQ(opened->Reveal(), "the link");
}

TEST(MailSealTest, ItOpensForItsOwnMailOnly) {
  const MailSeal seal(PepperOf("a"));
  const std::string sealed = seal.Seal(Secret("the link"), kCompany, kMail);
  EXPECT_THAT(seal.Open(sealed, CompanyId("beta"), kMail), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(seal.Open(sealed, kCompany, MailId(NewUuid())),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST(MailSealTest, ANewKeyOfThePepperSealsAndTheOldOneStillOpens) {
  const std::string sealed = MailSeal(PepperOf("a")).Seal(Secret("link"), kCompany, kMail);
  const MailSeal both(PepperOf("ab"));
  EXPECT_OK(both.Open(sealed, kCompany, kMail));
  const std::string anew = both.Seal(Secret("link"), kCompany, kMail);
  EXPECT_THAT(MailSeal(PepperOf("a")).Open(anew, kCompany, kMail),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST(MailSealTest, WhatWasTouchedOrCutDoesNotOpen) {
  const MailSeal seal(PepperOf("a"));
  const std::string sealed = seal.Seal(Secret("link"), kCompany, kMail);
  for (size_t at = 0; at < sealed.size(); ++at) {
    std::string other = sealed;
    other[at] = static_cast<char>(other[at] ^ 1);
    EXPECT_FALSE(seal.Open(other, kCompany, kMail).ok()) << at;
    EXPECT_FALSE(seal.Open(sealed.substr(0, at), kCompany, kMail).ok()) << at;
  }
}

}  // namespace mail_seal_test
}  // namespace usher::auth
