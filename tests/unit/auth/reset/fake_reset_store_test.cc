#include "tests/support/fake_reset_store.h"

#include "tests/support/contracts/reset_store_contract.h"
#include "tests/support/fake_clock.h"

namespace usher::auth {
namespace fake_reset_store_test {

class OnTheFake : public ::testing::Test {
 protected:
  MethodStore& store() { return methods_; }
  KnownUserStore& users() { return methods_; }
  RevocationStore& revocations() { return methods_; }
  void AddSession(const FakeSession& session) { methods_.AddSession(session); }
  void SwitchOff(const CompanyId& company) { methods_.SwitchOff(company); }
  ResetStore& resets() { return resets_; }
  MailStore& mails() { return mails_; }
  void Pass(absl::Duration time) { clock_.Advance(time); }

 private:
  FakeClock clock_;
  FakeMethodStore methods_;
  FakeMailStore mails_{clock_};
  FakeResetStore resets_{methods_, mails_, clock_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, ResetStoreContract, ::testing::Types<OnTheFake>);

}  // namespace fake_reset_store_test
}  // namespace usher::auth
