// Answers of internal calls are lost while companies are founded and destroyed.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/chaos/answer_lost_test_base.h"

namespace usher::chaos {
namespace answer_lost_for_companies_test {

class AnswerLostForCompaniesTest : public AnswerLostTest {
 protected:
  void FoundInAmbush(const std::string& peer,
                     Answer (Caller::*found)(const std::string& company) const) {
    EachInAmbush(
        peer, [] { return "f-" + NewName(); },
        [&](const std::string& company) { return (caller_.*found)(company); });
    Judge([&](const std::string& company) { return CompanyExists(company); });
  }
  std::string FoundInGoodWeather() {
    std::string company;
    Answer answer;
    EXPECT_TRUE(Await(kSettled, [&] {
      answer = caller_.FoundCompany(company = "d-" + NewName());
      return answer.told() == Told::kDone;
    })) << answer.Text();
    return company;
  }
  bool CompanyExists(const std::string& company) {
    return house_.database("company").Ask(
               absl::StrCat("SELECT count(*) FROM companies WHERE state = 2 AND company_id = '",
                            company, "'")) != "0";
  }
};

TEST_F(AnswerLostForCompaniesTest, OfAuthWhenACompanyIsFounded) {
  FoundInAmbush("auth", &Caller::FoundCompany);
}

TEST_F(AnswerLostForCompaniesTest, OfUserWhenACompanyIsFounded) {
  FoundInAmbush("user", &Caller::FoundCompany);
}

TEST_F(AnswerLostForCompaniesTest, OfCompanyWhenACompanyIsFoundedThroughAuth) {
  FoundInAmbush("company", &Caller::FoundCompanyThroughAuth);
}

TEST_F(AnswerLostForCompaniesTest, OfAuthWhenACompanyIsDestroyed) {
  EachInAmbush(
      "auth", [&] { return FoundInGoodWeather(); },
      [&](const std::string& company) { return caller_.DestroyCompany(company); });
  Judge([&](const std::string& company) { return !CompanyExists(company); });
}

TEST_F(AnswerLostForCompaniesTest, OfThoseWhoClearUpBehindACompany) {
  EachLiesInWait(
      {"user", "room", "business-logic"}, [&] { return FoundInGoodWeather(); },
      [&](const std::string& company) { return caller_.DestroyCompany(company); });
  Judge([&](const std::string& company) { return !CompanyExists(company); });
}

}  // namespace answer_lost_for_companies_test
}  // namespace usher::chaos
