#include "services/auth/key/key_watch.h"

#include <optional>
#include <string>
#include <vector>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_key_store.h"
#include "tests/support/key_files_test_base.h"

namespace usher::auth {
namespace key_watch_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using token::AKey;
using token::AKeyId;

constexpr char kFirst[] = "0001020304050601";
constexpr char kSecond[] = "0001020304050602";

class KeyWatchTest : public KeyFilesTestBase {
 protected:
  KeyWatchTest() {
    Put("1.key", AKey(1));
    Write(PepperPath(), Line('a'));
    folder_.emplace(KeyFolder::Open(Folder()).value());
    pepper_.emplace(LoadPepper(PepperPath()).value());
    signer_.emplace(folder_->keys().active, clock_);
    published_.Replace(token::PublicKeysOf({AKey(1)}));
    watch_.emplace(*folder_, PepperPath(), *pepper_, WatchedKeys{*signer_, retired_, published_},
                   store_, CompanyId("operator"), clock_, registry_);
  }

  token::KeyId Signs() const { return token::Split(signer_->Sign(token::AToken(Now())))->key_id; }
  absl::Time Now() const { return clock_.Now(); }
  // The rows that a round adds to the audit.
  std::vector<std::string> RowsOfARound() {
    store_.rows.clear();
    EXPECT_OK(watch_->Round());
    return store_.rows;
  }
  double Gauge(const std::string& name, const std::string& state = "") {
    for (const auto& family : registry_.Collect()) {
      if (family.name != name) continue;
      for (const auto& metric : family.metric) {
        if (state.empty() || metric.label.at(0).value == state) return metric.gauge.value;
      }
    }
    return -1;
  }

  FakeClock clock_;
  FakeKeyStore store_;
  prometheus::Registry registry_;
  token::KeyRing retired_;
  token::KeyRing published_;
  std::optional<KeyFolder> folder_;
  std::optional<Pepper> pepper_;
  std::optional<token::TokenSigner> signer_;
  std::optional<KeyWatch> watch_;
};

TEST_F(KeyWatchTest, AKeyThatComesIsPublishedAtOnceAndSignsOnceAllKnowIt) {
  Put("2.key", AKey(2, Now() - absl::Hours(1)));
  watch_->ReadAgain();
  EXPECT_EQ(signer_->keys()->size(), 2u);
  EXPECT_TRUE(published_.Find(AKeyId(2)).has_value());
  EXPECT_EQ(Signs(), AKeyId(1));
  clock_.Advance(token::TokenSigner::kAnnounced - absl::Seconds(1));
  watch_->ReadAgain();
  EXPECT_EQ(Signs(), AKeyId(1));
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Signs(), AKeyId(2));
}

TEST_F(KeyWatchTest, AKeyWaitsForItsTime) {
  Put("2.key", AKey(2, Now() + absl::Hours(1)));
  watch_->ReadAgain();
  clock_.Advance(absl::Minutes(59));
  EXPECT_EQ(Signs(), AKeyId(1));
  clock_.Advance(absl::Minutes(1));
  EXPECT_EQ(Signs(), AKeyId(2));
}

// Emergency: nobody waits where there is nothing else to sign with.
TEST_F(KeyWatchTest, ALeakedKeyIsWithdrawnAndTheNewOneSignsAtOnce) {
  Put("2.key", AKey(2, Now()));
  Rename("1.key", "1.retired");
  watch_->ReadAgain();
  EXPECT_EQ(Signs(), AKeyId(2));
  EXPECT_FALSE(published_.Find(AKeyId(1)).has_value());
  EXPECT_TRUE(retired_.Find(AKeyId(1)).has_value());
  Remove("1.retired");
  watch_->ReadAgain();
  EXPECT_FALSE(retired_.Find(AKeyId(1)).has_value());
}

TEST_F(KeyWatchTest, EachStepOfAKeyIsARowOfTheAudit) {
  EXPECT_THAT(RowsOfARound(),
              ElementsAre(absl::StrCat("key ", kFirst, ": added"), "key pepper 1: added"));
  EXPECT_THAT(RowsOfARound(),
              ElementsAre(absl::StrCat("key ", kFirst, ": in use"), "key pepper 1: in use"));
  EXPECT_THAT(RowsOfARound(), IsEmpty());
  Put("2.key", AKey(2, Now()));
  EXPECT_THAT(RowsOfARound(), ElementsAre(absl::StrCat("key ", kSecond, ": added")));
  EXPECT_THAT(RowsOfARound(), IsEmpty());
  clock_.Advance(token::TokenSigner::kAnnounced);
  EXPECT_THAT(RowsOfARound(), ElementsAre(absl::StrCat("key ", kSecond, ": in use")));
  Rename("1.key", "1.retired");
  EXPECT_THAT(RowsOfARound(), ElementsAre(absl::StrCat("key ", kFirst, ": withdrawn")));
  Remove("1.retired");
  EXPECT_THAT(RowsOfARound(), ElementsAre(absl::StrCat("key ", kFirst, ": deleted")));
  EXPECT_THAT(RowsOfARound(), IsEmpty());
}

TEST_F(KeyWatchTest, ARetiredKeyThatComesBackIsARowAgain) {
  Put("2.key", AKey(2, Now() - absl::Hours(1)));
  Rename("1.key", "1.retired");
  for (int round = 0; round < 3; ++round) RowsOfARound();
  clock_.Advance(token::TokenSigner::kAnnounced);
  Rename("1.retired", "1.key");
  EXPECT_THAT(RowsOfARound(), ElementsAre(absl::StrCat("key ", kFirst, ": added")));
  EXPECT_THAT(RowsOfARound(), IsEmpty());
}

TEST_F(KeyWatchTest, KeysAreTakenWithoutADatabaseAndTheAuditCatchesUp) {
  for (int round = 0; round < 2; ++round) RowsOfARound();
  store_.failure = absl::UnavailableError("no database");
  Put("2.key", AKey(2, Now()));
  Rename("1.key", "1.retired");
  EXPECT_THAT(watch_->Round(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_FALSE(published_.Find(AKeyId(1)).has_value());
  store_.failure = absl::OkStatus();
  EXPECT_THAT(RowsOfARound(), UnorderedElementsAre(absl::StrCat("key ", kFirst, ": withdrawn"),
                                                   absl::StrCat("key ", kSecond, ": added")));
}

TEST_F(KeyWatchTest, ANewKeyOfThePepperOpensAtOnceAndSealsOnceAllCanOpen) {
  Write(PepperPath(), Line('a') + Line('b'));
  watch_->ReadAgain();
  EXPECT_EQ(pepper_->size(), 2u);
  EXPECT_EQ(pepper_->sealing(), 1u);
  clock_.Advance(Pepper::kAnnounced);
  watch_->ReadAgain();
  EXPECT_EQ(pepper_->sealing(), 2u);
}

TEST_F(KeyWatchTest, APepperThatLostAKeyOrIsBrokenStaysAsItWas) {
  Write(PepperPath(), Line('a') + Line('b'));
  watch_->ReadAgain();
  for (const std::string& wrong :
       {Line('b'), Line('b') + Line('a'), Line('a'), Line('a') + "bbbb", std::string()}) {
    Write(PepperPath(), wrong);
    watch_->ReadAgain();
    EXPECT_EQ(pepper_->size(), 2u) << wrong;
    EXPECT_EQ(pepper_->Key(2).Reveal(), std::string(32, '\xbb')) << wrong;
    EXPECT_EQ(Gauge("usher_key_files_not_taken"), 1) << wrong;
  }
  Write(PepperPath(), Line('a') + Line('b') + Line('c'));
  watch_->ReadAgain();
  EXPECT_EQ(pepper_->size(), 3u);
  EXPECT_EQ(Gauge("usher_key_files_not_taken"), 0);
}

TEST_F(KeyWatchTest, TheMetricsTellNumberAndAge) {
  Put("2.key", AKey(2, Now() - absl::Seconds(5)));
  Put("3.retired", AKey(3));
  watch_->ReadAgain();
  clock_.Advance(token::TokenSigner::kAnnounced);
  watch_->ReadAgain();
  EXPECT_EQ(Gauge("usher_signing_keys", "published"), 2);
  EXPECT_EQ(Gauge("usher_signing_keys", "retired"), 1);
  EXPECT_EQ(Gauge("usher_signing_key_not_before_seconds"),
            absl::ToUnixSeconds(Now() - absl::Seconds(15)));
  EXPECT_EQ(Gauge("usher_pepper_keys"), 1);
  Write(Path("4.key"), "half a key");
  watch_->ReadAgain();
  EXPECT_EQ(Gauge("usher_key_files_not_taken"), 1);
}

}  // namespace key_watch_test
}  // namespace usher::auth
