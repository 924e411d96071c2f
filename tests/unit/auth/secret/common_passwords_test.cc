#include "services/auth/secret/common_passwords.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "common/base/id.h"
#include "services/auth/method/method.h"
#include "services/auth/secret/password_form.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace common_passwords_test {

bool IsCommon(const std::string& password) {
  return IsCommonPassword(FoldedForm(Secret(password)));
}

// L11.
TEST(CommonPasswords, TenThousandAreBuiltIn) { EXPECT_GE(CountCommonPasswords(), 10000u); }

TEST(CommonPasswords, WordsWithWhatPeoplePutBehindThemAreAmongThem) {
  for (const char* password : {"password", "Password1", "Winter2026!", "qwertz123", "12345678",
                               "Sommer2024", "ILOVEYOU", "willkommen1"}) {
    EXPECT_TRUE(IsCommon(password)) << password;
    EXPECT_THAT(CheckNewPassword(Secret(password), "ann", CompanyId("acme")),
                HasReplyCode(::common::ACTION_INVALID))
        << password;
  }
  for (const char* password :
       {"vT9#kq-8wz", "correct horse battery staple", "sommerregen-7-gleis"}) {
    EXPECT_FALSE(IsCommon(password)) << password;
  }
}

TEST(CommonPasswords, AFileAddsToThem) {
  const std::string path = ::testing::TempDir() + "common-" + NewUuid();
  std::ofstream(path) << "Xylophon-Kraftwerk\r\n\nshort\n\xff\xfe broken text\n";
  EXPECT_FALSE(IsCommon("xylophon-kraftwerk"));
  ASSERT_OK(AddCommonPasswords(path));
  EXPECT_TRUE(IsCommon("XYLOPHON-kraftwerk"));
  EXPECT_FALSE(IsCommon("short"));
  EXPECT_THAT(AddCommonPasswords(path + ".none"), StatusIs(absl::StatusCode::kNotFound));
  std::remove(path.c_str());
}

}  // namespace common_passwords_test
}  // namespace usher::auth
