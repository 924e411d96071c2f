// What every RevocationStore must do.
#pragma once

#include "tests/support/contracts/method_store_fixture.h"

namespace usher::auth {

template <class Fixture>
class RevocationStoreContract : public MethodStoreFixture<Fixture> {};

TYPED_TEST_SUITE_P(RevocationStoreContract);

TYPED_TEST_P(RevocationStoreContract, TheFeedTellsWhatEndedInOrder) {
  const Method method = this->Insert(AMethod("ann"));
  const SessionId first = this->Session(method);
  const SessionId second = this->Session(method);
  const absl::Time before = absl::Now() - absl::Seconds(5);
  ASSERT_OK(this->store().EndSession(ACall(), kAcme, method.user, second));
  ASSERT_OK(this->store().EndSession(ACall(), kAcme, method.user, first));
  const auto all = this->revocations().ListRevocations(ACall(), 0, before);
  EXPECT_THAT(InWords(all), ::testing::ElementsAre(Ending(second), Ending(first)));
  EXPECT_THAT(InWords(this->revocations().ListRevocations(ACall(), (*all)[0].sequence, before)),
              ::testing::ElementsAre(Ending(first)));
  // Tokens of an ended session that are being signed this moment are dead as well.
  EXPECT_GT((*all)[0].issued_until, absl::Now() + absl::Seconds(30));
  const absl::Time later = absl::Now() + absl::Hours(1);
  EXPECT_THAT(InWords(this->revocations().ListRevocations(ACall(), 0, later)),
              ::testing::IsEmpty());
  EXPECT_OK(this->revocations().ForgetRevocations(ACall(), later));
  EXPECT_THAT(InWords(this->revocations().ListRevocations(ACall(), 0, before)),
              ::testing::IsEmpty());
}

REGISTER_TYPED_TEST_SUITE_P(RevocationStoreContract, TheFeedTellsWhatEndedInOrder);

}  // namespace usher::auth
