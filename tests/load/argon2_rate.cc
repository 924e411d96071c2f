#include "tests/load/argon2_rate.h"

#include <sodium.h>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include "absl/time/clock.h"

namespace usher::load {
namespace {

constexpr unsigned long long kPasses = 2;
constexpr size_t kMemory = 19 * 1024 * 1024;

int64_t HashUntil(absl::Time end) {
  constexpr char kPassword[] = "correct horse battery staple";
  std::array<unsigned char, 32> hash;
  std::array<unsigned char, crypto_pwhash_SALTBYTES> salt;
  randombytes_buf(salt.data(), salt.size());
  int64_t hashes = 0;
  while (absl::Now() < end &&
         crypto_pwhash(hash.data(), hash.size(), kPassword, sizeof(kPassword) - 1, salt.data(),
                       kPasses, kMemory, crypto_pwhash_ALG_ARGON2ID13) == 0) {
    ++hashes;
  }
  return hashes;
}

}  // namespace

double Argon2Rate(absl::Duration duration) {
  const absl::Time begin = absl::Now();
  std::atomic<int64_t> hashes{0};
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < std::thread::hardware_concurrency(); ++i) {
    threads.emplace_back([&hashes, end = begin + duration] { hashes += HashUntil(end); });
  }
  for (std::thread& thread : threads) thread.join();
  return static_cast<double>(hashes.load()) / absl::ToDoubleSeconds(absl::Now() - begin);
}

}  // namespace usher::load
