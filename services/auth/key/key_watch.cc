#include "services/auth/key/key_watch.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/status/try.h"

namespace usher::auth {
namespace {

constexpr absl::Duration kBetweenLooks = absl::Seconds(1);
constexpr absl::Duration kLongestNote = absl::Seconds(2);

RepeatingOptions WatchRhythm(prometheus::Registry& registry) {
  return {.name = "keys",
          .period = kBetweenLooks,
          .first_retry = kBetweenLooks,
          .longest_retry = kBetweenLooks,  // whatever the database does, keys are looked for
          .registry = &registry};
}

prometheus::Gauge& GaugeIn(prometheus::Registry& registry, const char* name, const char* help,
                           const prometheus::Labels& labels = {}) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add(labels);
}

std::map<token::KeyId, token::PublicKey> PublicHalves(const std::vector<token::SigningKey>& keys) {
  std::map<token::KeyId, token::PublicKey> halves;
  for (const token::SigningKey& key : keys) halves.emplace(key.key_id, key.public_key);
  return halves;
}

std::string PepperName(size_t id) { return absl::StrCat("pepper ", id); }

// What is in use at once has come before.
KeyState FirstOf(KeyState state) { return state == KeyState::kInUse ? KeyState::kAdded : state; }

// The ones and the others, in the same order, and to be used from the same time on.
bool AreSame(const std::vector<token::SigningKey>& ones,
             const std::vector<token::SigningKey>& others) {
  return std::equal(ones.begin(), ones.end(), others.begin(), others.end(),
                    [](const token::SigningKey& one, const token::SigningKey& other) {
                      return one.key_id == other.key_id && one.public_key == other.public_key &&
                             one.not_before == other.not_before;
                    });
}

constexpr char kSigningKeys[] = "usher_signing_keys";
constexpr char kSigningKeysHelp[] = "Signing keys that are published, and retired ones.";

}  // namespace

std::string TextOf(const token::KeyId& id) {
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(id.data()), id.size()));
}

KeyWatch::KeyWatch(KeyFolder folder, std::string pepper_file, Pepper pepper, WatchedKeys watched,
                   KeyStore& store, CompanyId operator_company, const Clock& clock,
                   prometheus::Registry& registry)
    : pepper_file_(std::move(pepper_file)),
      watched_(watched),
      store_(store),
      operator_company_(std::move(operator_company)),
      clock_(clock),
      active_(GaugeIn(registry, kSigningKeys, kSigningKeysHelp, {{"state", "published"}})),
      retired_(GaugeIn(registry, kSigningKeys, kSigningKeysHelp, {{"state", "retired"}})),
      signs_since_(GaugeIn(registry, "usher_signing_key_not_before_seconds",
                           "Not_before of the key that signs, Unix time.")),
      pepper_keys_(GaugeIn(registry, "usher_pepper_keys", "Keys of the pepper.")),
      not_taken_(GaugeIn(registry, "usher_key_files_not_taken",
                         "Files of keys that are broken, so that what was read before counts: the "
                         "folder of signing keys, the pepper.")),
      folder_(std::move(folder)),
      pepper_(std::move(pepper)),
      repeating_(WatchRhythm(registry), [this] { return Round(); }) {
  const absl::MutexLock lock(&mutex_);
  watched_.retired.Replace(folder_.keys().retired);
  SetGauges();
}

void KeyWatch::ReadAgain() {
  const absl::MutexLock lock(&mutex_);
  TakeSigningKeys();
  TakePepper();
  SetGauges();
}

absl::Status KeyWatch::Round() {
  ReadAgain();
  States now;
  {
    const absl::MutexLock lock(&mutex_);
    now = StatesOfNow();
  }
  CallContext call;
  call.rpc = "auth.keys";
  call.request_id = "keys";
  call.deadline = absl::Now() + kLongestNote;
  call.cancelled = repeating_.ending();
  for (const auto& [key, state] : now) {
    RETURN_IF_ERROR(store_.Note(call, operator_company_, key, state));
    const absl::MutexLock lock(&mutex_);
    if (state == KeyState::kDeleted) {
      noted_.erase(key);
    } else {
      noted_[key] = state;
    }
  }
  return absl::OkStatus();
}

void KeyWatch::TakeSigningKeys() {
  Complain(folder_.ReadAgain(), &folder_fault_);
  const SigningKeys& keys = folder_.keys();
  // First: whoever comes with such a token meanwhile can go on with the session.
  watched_.retired.Replace(keys.retired);
  if (AreSame(keys.active, *watched_.signer.keys())) return;
  watched_.signer.Replace(keys.active);
  // At once: the feed of this process waits for the database.
  watched_.published.Replace(PublicHalves(keys.active));
  log::Info("the signing keys were read again", {{"published", absl::StrCat(keys.active.size())},
                                                 {"retired", absl::StrCat(keys.retired.size())},
                                                 {"signs", TextOf(watched_.signer.current())}});
}

void KeyWatch::TakePepper() {
  const size_t before = pepper_.size();
  absl::StatusOr<std::vector<PepperKey>> file = ReadPepperFile(pepper_file_);
  absl::Status taken = file.status();
  if (taken.ok()) {
    taken = pepper_.Extend(*file, clock_.Now());
    if (!taken.ok()) {
      taken = absl::InvalidArgumentError(absl::StrCat(pepper_file_, ": ", taken.message()));
    }
  }
  Complain(std::string(taken.message()), &pepper_fault_);
  if (pepper_.size() == before) return;
  log::Info("the pepper was read again", {{"keys", absl::StrCat(pepper_.size())}});
}

void KeyWatch::Complain(const std::string& fault, std::string* before) {
  if (fault == *before) return;
  *before = fault;
  if (fault.empty()) {
    log::Info("all files of keys are in order again");
  } else {
    log::Error("a file of keys was not taken; what was read before counts", {{"error", fault}});
  }
}

void KeyWatch::SetGauges() {
  const auto published = watched_.signer.keys();
  const token::KeyId current = watched_.signer.current();
  for (const token::SigningKey& key : *published) {
    if (key.key_id == current) {
      signs_since_.Set(absl::ToDoubleSeconds(key.not_before - absl::UnixEpoch()));
    }
  }
  active_.Set(static_cast<double>(published->size()));
  retired_.Set(static_cast<double>(folder_.keys().retired.size()));
  pepper_keys_.Set(static_cast<double>(pepper_.size()));
  not_taken_.Set((folder_fault_.empty() ? 0 : 1) + (pepper_fault_.empty() ? 0 : 1));
}

KeyWatch::States KeyWatch::StatesOfNow() const {
  States there;
  const token::KeyId current = watched_.signer.current();
  const auto published = watched_.signer.keys();
  for (const token::SigningKey& key : *published) {
    there[TextOf(key.key_id)] = key.key_id == current ? KeyState::kInUse : KeyState::kAdded;
  }
  for (const auto& [id, key] : folder_.keys().retired) there[TextOf(id)] = KeyState::kWithdrawn;
  for (size_t id = 1; id <= pepper_.size(); ++id) {
    there[PepperName(id)] = id <= pepper_.sealing() ? KeyState::kInUse : KeyState::kAdded;
  }
  States news;
  for (const auto& [key, state] : there) {
    const auto before = noted_.find(key);
    if (before == noted_.end()) {
      news[key] = FirstOf(state);
    } else if (before->second == KeyState::kWithdrawn && state < KeyState::kWithdrawn) {
      news[key] = FirstOf(state);  // it came back
    } else if (before->second < state) {
      news[key] = state;
    }
  }
  for (const auto& [key, state] : noted_) {
    if (there.count(key) == 0) news[key] = KeyState::kDeleted;
  }
  return news;
}

}  // namespace usher::auth
