#include "tests/support/fake_profile_names.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "tests/support/contracts/profile_names_contract.h"

namespace usher::room {
namespace fake_profile_names_test {

class OnTheFake : public ::testing::Test {
 protected:
  ProfileNames& names() { return names_; }
  UserId Make(const std::string& firstname, const std::string& lastname) {
    const UserId user(NewUuid());
    names_.names[{CompanyId("acme"), user}] =
        std::string(absl::StripAsciiWhitespace(absl::StrCat(firstname, " ", lastname)));
    return user;
  }

 private:
  FakeProfileNames names_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, ProfileNamesContract, ::testing::Types<OnTheFake>);

}  // namespace fake_profile_names_test
}  // namespace usher::room
