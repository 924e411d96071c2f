#include "services/auth/key/key_commands.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <system_error>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/base/utc_text.h"
#include "common/status/try.h"
#include "common/token/key_file.h"
#include "common/token/token_signer.h"
#include "services/auth/key/key_watch.h"
#include "services/auth/secret/pepper.h"

ABSL_FLAG(bool, keys, false, "Print signing keys and pepper keys; and exit.");
ABSL_FLAG(bool, add_key, false,
          "Make a new signing key, which takes over after --key_ahead; and exit.");
ABSL_FLAG(absl::Duration, key_ahead, absl::Hours(1),
          "With --add_key and --add_pepper: how long the new key is known before it is used.");
ABSL_FLAG(
    std::string, retire_key, "",
    "Retire the signing key with this ID (--keys shows it), once its tokens have expired; and "
    "exit.");
ABSL_FLAG(bool, compromised, false,
          "With --retire_key: now, whatever tokens of it are good. They are refused at once.");
ABSL_FLAG(bool, add_pepper, false,
          "Add a key to the pepper, which seals after --key_ahead; and exit.");

namespace usher::auth {
namespace {

constexpr absl::Duration kLongestAhead = absl::Hours(24 * 365);
// Clocks differ, and whoever distributes the folder takes a while.
constexpr absl::Duration kMargin = absl::Minutes(1);

struct KeyOnDisk {
  std::filesystem::path path;
  token::SigningKey key;
  bool retired = false;
  absl::Time signs_from;  // not before it was there
};

// The retired ones first, then by the time from which on they sign.
absl::StatusOr<std::vector<KeyOnDisk>> KeysOnDisk(const std::string& folder) {
  std::vector<KeyOnDisk> keys;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const bool retired = entry.path().extension() == ".retired";
    if (!retired && entry.path().extension() != ".key") continue;
    ASSIGN_OR_RETURN(token::SigningKey key, token::LoadSigningKey(entry.path().string()));
    struct stat file {};
    if (stat(entry.path().c_str(), &file) != 0) continue;
    const absl::Time there = absl::TimeFromTimespec(file.st_mtim) + token::TokenSigner::kAnnounced;
    const absl::Time signs_from = std::max(key.not_before, there);
    keys.push_back({entry.path(), std::move(key), retired, signs_from});
  }
  if (error) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot read the folder ", folder, ": ", error.message()));
  }
  std::sort(keys.begin(), keys.end(), [](const KeyOnDisk& a, const KeyOnDisk& b) {
    if (a.retired != b.retired) return a.retired;
    return a.key.not_before < b.key.not_before;
  });
  return keys;
}

// The one that signs at `now`; null where there is none at all.
const KeyOnDisk* SignerOf(const std::vector<KeyOnDisk>& keys, absl::Time now) {
  const KeyOnDisk* signer = nullptr;
  for (const KeyOnDisk& key : keys) {
    if (!key.retired && (signer == nullptr || key.signs_from <= now)) signer = &key;
  }
  return signer;
}

absl::Status CheckAhead(absl::Duration ahead) {
  if (ahead >= absl::ZeroDuration() && ahead <= kLongestAhead) return absl::OkStatus();
  return absl::InvalidArgumentError("--key_ahead must be between 0s and 8760h");
}

// Also where who makes the key is not who runs the server.
absl::Status OwnAsFolder(const std::string& folder, const std::string& path) {
  struct stat facts {};
  if (stat(folder.c_str(), &facts) == 0 && chown(path.c_str(), facts.st_uid, facts.st_gid) == 0) {
    return absl::OkStatus();
  }
  return absl::UnavailableError(
      absl::StrCat("cannot give ", path, " to the owner of the folder: ", strerror(errno)));
}

// Why the key must not go yet.
absl::Status CheckNotInUse(const KeyPlaces& places, const std::vector<KeyOnDisk>& keys,
                           const KeyOnDisk& going, absl::Time now) {
  if (SignerOf(keys, now) == &going) {
    return absl::FailedPreconditionError(absl::StrCat(
        TextOf(going.key.key_id),
        " signs now. Add a key (--add_key) and wait until it has taken over; --keys shows when"));
  }
  absl::Time superseded = absl::InfiniteFuture();
  for (const KeyOnDisk& key : keys) {
    if (!key.retired && key.key.not_before > going.key.not_before) {
      superseded = std::min(superseded, key.signs_from);
    }
  }
  if (superseded > now) return absl::OkStatus();  // it never signed, and never will
  const absl::Time over = superseded + places.access_lifetime + kMargin;
  if (over <= now) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("tokens of ", TextOf(going.key.key_id), " are good until ", UtcText(over),
                   ". Come back then; or, if the key has leaked, --compromised"));
}

}  // namespace

absl::Status ListKeys(const KeyPlaces& places, absl::Time now, std::ostream& to) {
  ASSIGN_OR_RETURN(const std::vector<KeyOnDisk> keys, KeysOnDisk(places.signing_keys));
  ASSIGN_OR_RETURN(const std::vector<PepperKey> file, ReadPepperFile(places.pepper));
  const Pepper pepper(file, now);
  const KeyOnDisk* const signer = SignerOf(keys, now);
  constexpr char kLine[] = "%-18s%-34s%s\n";
  to << absl::StrFormat(kLine, "KEY", "STATE", "FILE");
  for (const KeyOnDisk& key : keys) {
    std::string state = "published, signs no more";
    if (key.retired) {
      state = "retired";
    } else if (&key == signer) {
      state = "signs";
    } else if (key.signs_from > now) {
      state = absl::StrCat("signs from ", UtcText(key.signs_from));
    }
    to << absl::StrFormat(kLine, TextOf(key.key.key_id), state, key.path.string());
  }
  for (size_t id = 1; id <= file.size(); ++id) {
    std::string state = id == pepper.sealing() ? "seals" : "opens";
    if (id > pepper.sealing())
      state = absl::StrCat("seals from ", UtcText(file[id - 1].seals_from));
    to << absl::StrFormat(kLine, absl::StrCat("pepper ", id), state, places.pepper);
  }
  return absl::OkStatus();
}

absl::Status AddSigningKey(const KeyPlaces& places, absl::Time now, absl::Duration ahead,
                           std::ostream& to) {
  RETURN_IF_ERROR(CheckAhead(ahead));
  ASSIGN_OR_RETURN(const std::vector<KeyOnDisk> keys, KeysOnDisk(places.signing_keys));
  const token::SigningKey key = token::MakeSigningKey(now + ahead);
  const std::string path = absl::StrCat(places.signing_keys, "/", TextOf(key.key_id), ".key");
  const std::string beside = absl::StrCat(path, ".new");  // servers do not look at it
  RETURN_IF_ERROR(token::WriteSigningKey(key, beside));
  absl::Status placed = OwnAsFolder(places.signing_keys, beside);
  if (placed.ok() && rename(beside.c_str(), path.c_str()) != 0) {
    placed = absl::UnavailableError(absl::StrCat("cannot write ", path, ": ", strerror(errno)));
  }
  if (!placed.ok()) {
    unlink(beside.c_str());
    return placed;
  }
  const absl::Time from = std::max(key.not_before, now + token::TokenSigner::kAnnounced);
  to << "made " << TextOf(key.key_id) << " (" << path << "), which signs from " << UtcText(from)
     << " on\n";
  if (const KeyOnDisk* const signer = SignerOf(keys, now); signer != nullptr) {
    to << "next, after " << UtcText(from + places.access_lifetime + kMargin) << ": --retire_key "
       << TextOf(signer->key.key_id) << "\n";
  }
  return absl::OkStatus();
}

absl::Status RetireSigningKey(const KeyPlaces& places, absl::Time now, const std::string& id,
                              bool compromised, std::ostream& to) {
  ASSIGN_OR_RETURN(const std::vector<KeyOnDisk> keys, KeysOnDisk(places.signing_keys));
  const auto going = std::find_if(keys.begin(), keys.end(), [&id](const KeyOnDisk& key) {
    return !key.retired && TextOf(key.key.key_id) == absl::AsciiStrToLower(id);
  });
  if (going == keys.end()) {
    return absl::NotFoundError(absl::StrCat("there is no signing key ", id, "; --keys shows them"));
  }
  const bool another = std::any_of(keys.begin(), keys.end(), [&](const KeyOnDisk& key) {
    return !key.retired && &key != &*going && key.key.not_before <= now;
  });
  if (!another) {
    return absl::FailedPreconditionError(
        absl::StrCat("no other key could sign. First: --add_key --key_ahead=0s"));
  }
  if (!compromised) RETURN_IF_ERROR(CheckNotInUse(places, keys, *going, now));
  std::filesystem::path retired = going->path;
  retired.replace_extension(".retired");
  if (std::filesystem::exists(retired)) {
    return absl::AlreadyExistsError(absl::StrCat(retired.string(), " exists already"));
  }
  if (rename(going->path.c_str(), retired.c_str()) != 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot rename ", going->path.string(), ": ", strerror(errno)));
  }
  to << "retired " << TextOf(going->key.key_id) << " (" << retired.string()
     << "): all servers refuse its tokens within five seconds\n"
     << "next, after --refresh_lifetime: delete the file\n";
  return absl::OkStatus();
}

absl::Status AddPepperKey(const KeyPlaces& places, absl::Time now, absl::Duration ahead,
                          std::ostream& to) {
  RETURN_IF_ERROR(CheckAhead(ahead));
  RETURN_IF_ERROR(AppendToPepperFile(places.pepper, now + ahead));
  ASSIGN_OR_RETURN(const std::vector<PepperKey> keys, ReadPepperFile(places.pepper));
  to << "added pepper " << keys.size() << " (" << places.pepper << "), which seals from "
     << UtcText(std::max(now + ahead, now + Pepper::kAnnounced)) << " on\n"
     << "next: back the file up; never remove a line of it\n";
  return absl::OkStatus();
}

bool KeyCommandGiven() {
  return absl::GetFlag(FLAGS_keys) || absl::GetFlag(FLAGS_add_key) ||
         absl::GetFlag(FLAGS_add_pepper) || !absl::GetFlag(FLAGS_retire_key).empty();
}

absl::Status RunKeyCommand(const KeyPlaces& places) {
  const std::string retire = absl::GetFlag(FLAGS_retire_key);
  const int commands =
      static_cast<int>(absl::GetFlag(FLAGS_keys)) + static_cast<int>(absl::GetFlag(FLAGS_add_key)) +
      static_cast<int>(absl::GetFlag(FLAGS_add_pepper)) + static_cast<int>(!retire.empty());
  if (commands != 1) {
    return absl::InvalidArgumentError("--keys, --add_key, --retire_key and --add_pepper: one");
  }
  const absl::Time now = absl::Now();
  const absl::Duration ahead = absl::GetFlag(FLAGS_key_ahead);
  if (absl::GetFlag(FLAGS_add_key)) return AddSigningKey(places, now, ahead, std::cout);
  if (absl::GetFlag(FLAGS_add_pepper)) return AddPepperKey(places, now, ahead, std::cout);
  if (retire.empty()) return ListKeys(places, now, std::cout);
  return RetireSigningKey(places, now, retire, absl::GetFlag(FLAGS_compromised), std::cout);
}

}  // namespace usher::auth
