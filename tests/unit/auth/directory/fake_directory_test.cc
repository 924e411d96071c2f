#include "tests/support/fake_directory.h"

#include "tests/support/contracts/directory_contract.h"

namespace usher::auth {
namespace fake_directory_test {

class OnTheFake : public ::testing::Test {
 protected:
  Directory& directory() { return directory_; }
  void Add(const DirectoryPerson& person, const std::string& password) {
    directory_.Add(person, password);
  }
  void Remove(const std::string& name) { directory_.Remove(name); }
  void SwitchOff(const std::string& name) { directory_.SwitchOff(name); }
  void SwitchOn(const std::string& name) { directory_.SwitchOff(name, /*on=*/true); }
  void Break() { directory_.Break(); }
  void Mend() { directory_.Break(false); }
  static std::string DnOf(const std::string& name) {
    return absl::StrCat("uid=", EscapedForLdap(name), ",", FakeDirectory::kBase);
  }

 private:
  FakeDirectory directory_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, DirectoryContract, ::testing::Types<OnTheFake>);

}  // namespace fake_directory_test
}  // namespace usher::auth
