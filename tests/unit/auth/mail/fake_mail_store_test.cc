#include "tests/support/fake_mail_store.h"

#include "tests/support/contracts/mail_store_contract.h"
#include "tests/support/fake_clock.h"

namespace usher::auth {
namespace fake_mail_store_test {

class OnTheFake : public ::testing::Test {
 protected:
  MailStore& store() { return store_; }
  void Queue(const MailDraft& draft) { store_.Queue(draft); }
  void Pass(absl::Duration time) { clock_.Advance(time); }

 private:
  FakeClock clock_;
  FakeMailStore store_{clock_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, MailStoreContract, ::testing::Types<OnTheFake>);

}  // namespace fake_mail_store_test
}  // namespace usher::auth
