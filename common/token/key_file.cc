#include "common/token/key_file.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status/try.h"

namespace usher::token {
namespace {

constexpr absl::string_view kFirstLine = "usher-signing-key-v1";
constexpr size_t kSeedSize = crypto_sign_SEEDBYTES;
constexpr off_t kLargestSecretFile = 64 * 1024;

absl::Status Malformed(const std::string& path, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(path, " is not a signing key: ", why));
}

absl::Status CannotWrite(const std::string& path) {
  return absl::UnavailableError(absl::StrCat("cannot write ", path, ": ", strerror(errno)));
}

absl::string_view AsText(const KeyId& id) {
  return absl::string_view(reinterpret_cast<const char*>(id.data()), id.size());
}

// Closes the file whichever way the function is left.
class OpenFile {
 public:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  ~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

absl::StatusOr<std::string> HexLine(absl::string_view line, absl::string_view name, size_t size) {
  if (!absl::ConsumePrefix(&line, name) || line.size() != 2 * size ||
      !std::all_of(line.begin(), line.end(), [](char c) { return std::isxdigit(c & 0xff) != 0; })) {
    return absl::InvalidArgumentError(absl::StrCat("no line '", name, "' with ", size, " bytes"));
  }
  return absl::HexStringToBytes(line);
}

}  // namespace

SigningKey MakeSigningKey(absl::Time not_before) {
  KeyId key_id;
  randombytes_buf(key_id.data(), key_id.size());
  return SigningKeyFromSeed(key_id, not_before, Secret::Random(kSeedSize));
}

SigningKey SigningKeyFromSeed(const KeyId& key_id, absl::Time not_before, const Secret& seed) {
  SigningKey key;
  key.key_id = key_id;
  key.not_before = not_before;
  unsigned char secret_key[crypto_sign_SECRETKEYBYTES];
  crypto_sign_seed_keypair(key.public_key.data(), secret_key,
                           reinterpret_cast<const unsigned char*>(seed.Reveal().data()));
  key.secret_key =
      Secret(absl::string_view(reinterpret_cast<const char*>(secret_key), sizeof(secret_key)));
  sodium_memzero(secret_key, sizeof(secret_key));
  return key;
}

absl::Status WriteSigningKey(const SigningKey& key, const std::string& path) {
  Secret content(absl::StrCat(
      kFirstLine, "\nid: ", absl::BytesToHexString(AsText(key.key_id)),
      "\nnot_before: ", absl::ToUnixSeconds(key.not_before),
      "\nseed: ", absl::BytesToHexString(key.secret_key.Reveal().substr(0, kSeedSize)), "\n"));
  return CreateSecretFile(path, content);
}

absl::Status CreateSecretFile(const std::string& path, const Secret& content) {
  const OpenFile file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.get() < 0 && errno == EEXIST) {
    return absl::AlreadyExistsError(absl::StrCat(path, " exists already"));
  }
  if (file.get() < 0 ||
      write(file.get(), content.Reveal().data(), content.size()) !=
          static_cast<ssize_t>(content.size()) ||
      fsync(file.get()) != 0) {
    return CannotWrite(path);
  }
  return absl::OkStatus();
}

absl::Status ReplaceSecretFile(const std::string& path, const Secret& content) {
  struct stat before {};
  if (stat(path.c_str(), &before) != 0) return CannotWrite(path);
  const std::string beside = absl::StrCat(path, ".new");
  unlink(beside.c_str());  // left behind by one that was interrupted
  absl::Status written = CreateSecretFile(beside, content);
  if (written.ok() && (chown(beside.c_str(), before.st_uid, before.st_gid) != 0 ||
                       rename(beside.c_str(), path.c_str()) != 0)) {
    written = CannotWrite(path);
  }
  if (!written.ok()) unlink(beside.c_str());
  return written;
}

absl::StatusOr<Secret> LoadSecretFile(const std::string& path) {
  const OpenFile file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat facts {};
  if (file.get() < 0 || fstat(file.get(), &facts) != 0) {
    return absl::NotFoundError(absl::StrCat("cannot open ", path, ": ", strerror(errno)));
  }
  if ((facts.st_mode & 0077) != 0) {
    return absl::PermissionDeniedError(
        absl::StrCat(path, " may be read by others than its owner; chmod 600 it"));
  }
  if (!S_ISREG(facts.st_mode) || facts.st_size > kLargestSecretFile) {
    return absl::InvalidArgumentError(absl::StrCat(path, " is no plain file of a sensible size"));
  }
  std::string text(static_cast<size_t>(facts.st_size), '\0');
  if (read(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    return absl::UnavailableError(absl::StrCat("cannot read ", path));
  }
  absl::string_view trimmed = text;
  while (!trimmed.empty() && (trimmed.back() == '\n' || trimmed.back() == '\r')) {
    trimmed.remove_suffix(1);
  }
  Secret secret(trimmed);
  WipeText(text);
  return secret;
}

absl::StatusOr<SigningKey> LoadSigningKey(const std::string& path) {
  ASSIGN_OR_RETURN(const Secret content, LoadSecretFile(path));
  const std::vector<absl::string_view> lines = absl::StrSplit(content.Reveal(), '\n');
  if (lines.size() != 4 || lines[0] != kFirstLine) return Malformed(path, "wrong first line");
  absl::StatusOr<std::string> id = HexLine(lines[1], "id: ", kKeyIdSize);
  if (!id.ok()) return Malformed(path, id.status().message());
  absl::string_view not_before = lines[2];
  int64_t seconds = 0;
  if (!absl::ConsumePrefix(&not_before, "not_before: ") ||
      !absl::SimpleAtoi(not_before, &seconds)) {
    return Malformed(path, "no line 'not_before: ' with Unix seconds");
  }
  absl::StatusOr<std::string> seed = HexLine(lines[3], "seed: ", kSeedSize);
  if (!seed.ok()) return Malformed(path, seed.status().message());
  KeyId key_id;
  std::copy(id->begin(), id->end(), key_id.begin());
  SigningKey key = SigningKeyFromSeed(key_id, absl::FromUnixSeconds(seconds), Secret(*seed));
  WipeText(*seed);
  return key;
}

absl::StatusOr<std::vector<SigningKey>> LoadSigningKeys(const std::string& folder) {
  std::vector<SigningKey> keys;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".key") continue;
    ASSIGN_OR_RETURN(SigningKey key, LoadSigningKey(entry.path().string()));
    keys.push_back(std::move(key));
  }
  if (keys.empty()) {
    return absl::NotFoundError(absl::StrCat("no signing key (*.key) in ", folder));
  }
  std::sort(keys.begin(), keys.end(),
            [](const SigningKey& a, const SigningKey& b) { return a.not_before < b.not_before; });
  return keys;
}

}  // namespace usher::token
