#include "services/auth/secret/pepper.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "common/status/try.h"
#include "common/token/key_file.h"

namespace usher::auth {
namespace {

constexpr size_t kKeySize = 32;
constexpr size_t kMostKeys = 255;  // IDs are one byte

bool IsHexKey(absl::string_view text) {
  return text.size() == 2 * kKeySize &&
         std::all_of(text.begin(), text.end(), [](char c) { return std::isxdigit(c & 0xff) != 0; });
}

// Leaves the key where it was when the line is none.
bool ReadLine(absl::string_view line, PepperKey* key) {
  const absl::string_view hex = line.substr(0, 2 * kKeySize);
  if (!IsHexKey(hex)) return false;
  absl::string_view rest = line.substr(hex.size());
  if (!rest.empty()) {
    int64_t seconds = 0;
    if (!absl::ConsumePrefix(&rest, " ") || !absl::SimpleAtoi(rest, &seconds)) return false;
    key->seals_from = absl::FromUnixSeconds(seconds);
  }
  std::string bytes = absl::HexStringToBytes(hex);
  key->key = Secret(bytes);
  WipeText(bytes);
  return true;
}

Secret NewKeyInHex() {
  std::string hex = absl::BytesToHexString(Secret::Random(kKeySize).Reveal());
  Secret taken(hex);
  WipeText(hex);
  return taken;
}

}  // namespace

Pepper::Pepper(const std::vector<Secret>& keys) : known_(std::make_shared<Known>()) {
  const absl::MutexLock lock(&known_->mutex);
  for (const Secret& key : keys) known_->keys.push_back({.key = key});
  known_->sealing = keys.size();
}

Pepper::Pepper(std::vector<PepperKey> keys, absl::Time now) : known_(std::make_shared<Known>()) {
  const absl::MutexLock lock(&known_->mutex);
  known_->sealing = SealingAt(keys, now);
  known_->keys = std::move(keys);
}

size_t Pepper::size() const {
  const absl::MutexLock lock(&known_->mutex);
  return known_->keys.size();
}

size_t Pepper::sealing() const {
  const absl::MutexLock lock(&known_->mutex);
  return known_->sealing;
}

Secret Pepper::Key(size_t id) const {
  const absl::MutexLock lock(&known_->mutex);
  return known_->keys.at(id - 1).key;
}

absl::Status Pepper::Extend(const std::vector<PepperKey>& file, absl::Time now) {
  const absl::MutexLock lock(&known_->mutex);
  std::vector<PepperKey>& keys = known_->keys;
  const auto same = [](const PepperKey& a, const PepperKey& b) {
    return a.key.EqualsConstantTime(b.key.Reveal());
  };
  if (file.size() < keys.size() || !std::equal(keys.begin(), keys.end(), file.begin(), same)) {
    return absl::InvalidArgumentError(
        "a key is missing, or stands in another line: keys are only ever appended");
  }
  for (size_t i = keys.size(); i < file.size(); ++i) {
    keys.push_back(file[i]);
    keys.back().seals_from = std::max(file[i].seals_from, now + kAnnounced);
  }
  // Never an older one than before, whatever becomes of the clock.
  known_->sealing = std::max(known_->sealing, SealingAt(keys, now));
  return absl::OkStatus();
}

size_t Pepper::SealingAt(const std::vector<PepperKey>& keys, absl::Time now) {
  for (size_t id = keys.size(); id > 1; --id) {
    if (keys[id - 1].seals_from <= now) return id;
  }
  return 1;
}

absl::StatusOr<std::vector<PepperKey>> ReadPepperFile(const std::string& path) {
  ASSIGN_OR_RETURN(const Secret content, token::LoadSecretFile(path));
  std::vector<PepperKey> keys;
  for (const absl::string_view line : absl::StrSplit(content.Reveal(), '\n')) {
    PepperKey key;
    if (keys.size() == kMostKeys || !ReadLine(line, &key)) {
      return absl::InvalidArgumentError(absl::StrCat(
          path, " is not a pepper file: one key of 64 hex digits a line, and perhaps a Unix time"));
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

absl::StatusOr<Pepper> LoadPepper(const std::string& path) {
  ASSIGN_OR_RETURN(std::vector<PepperKey> keys, ReadPepperFile(path));
  return Pepper(std::move(keys), absl::Now());
}

absl::Status CreatePepperFile(const std::string& path) {
  return token::CreateSecretFile(path, Secret(absl::StrCat(NewKeyInHex().Reveal(), "\n")));
}

absl::Status AppendToPepperFile(const std::string& path, absl::Time seals_from) {
  ASSIGN_OR_RETURN(const std::vector<PepperKey> keys, ReadPepperFile(path));
  if (keys.size() == kMostKeys) {
    return absl::InvalidArgumentError(absl::StrCat(path, " has no room for another key"));
  }
  ASSIGN_OR_RETURN(const Secret before, token::LoadSecretFile(path));
  const Secret after(absl::StrCat(before.Reveal(), "\n", NewKeyInHex().Reveal(), " ",
                                  absl::ToUnixSeconds(seals_from), "\n"));
  return token::ReplaceSecretFile(path, after);
}

}  // namespace usher::auth
