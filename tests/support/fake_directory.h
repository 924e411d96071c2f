// Directories of people in memory.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "services/auth/directory/directory.h"
#include "services/auth/directory/directory_errors.h"
#include "services/auth/directory/ldap_names.h"
#include "services/auth/directory/profiles.h"
#include "services/auth/method/method.h"

namespace usher::auth {

// One as LdapDirectory sees it that looks for people below kBase. Thread-safe. Held to
// directory_contract.h, like the real one.
class FakeDirectory final : public Directory {
 public:
  static constexpr char kBase[] = "ou=people,dc=example,dc=org";

  // What tests arrange: somebody, whose ID is made here.
  void Add(DirectoryPerson person, const std::string& password) {
    const absl::MutexLock lock(&mutex_);
    person.id = absl::StrCat("entry ", ++entries_);
    const std::string key = KeyOf(person.name);
    people_[key] = {std::move(person), Secret(password), true};
  }
  void Remove(const std::string& username) {
    const absl::MutexLock lock(&mutex_);
    people_.erase(KeyOf(username));
  }
  void SwitchOff(const std::string& username, bool on = false) {
    const absl::MutexLock lock(&mutex_);
    people_.at(KeyOf(username)).on = on;
  }
  // Out of reach, until it is mended.
  void Break(bool broken = true) {
    const absl::MutexLock lock(&mutex_);
    broken_ = broken;
  }
  DirectoryRules& changeable_rules() { return rules_; }
  // How often it was asked.
  int asked() const {
    const absl::MutexLock lock(&mutex_);
    return asked_;
  }

  const DirectoryRules& rules() const override { return rules_; }
  absl::StatusOr<std::optional<DirectoryPerson>> Recognise(const CallContext& /*call*/,
                                                           const DirectoryProof& proof) override {
    const absl::MutexLock lock(&mutex_);
    if (IsBlank(proof.password)) return std::optional<DirectoryPerson>();
    ++asked_;
    if (broken_) return DirectoryFailed();
    const auto found = people_.find(KeyOf(proof.username));
    const bool fits = found != people_.end() && found->second.on &&
                      found->second.password.EqualsConstantTime(proof.password.Reveal()) &&
                      FitsNames(proof, found->second.person.name);
    return fits ? std::optional(found->second.person) : std::nullopt;
  }
  absl::StatusOr<std::optional<DirectoryPerson>> Find(const CallContext& /*call*/,
                                                      const std::string& username) override {
    const absl::MutexLock lock(&mutex_);
    ++asked_;
    if (broken_) return DirectoryFailed();
    const auto found = people_.find(KeyOf(username));
    const bool there = found != people_.end() && found->second.on;
    return there ? std::optional(found->second.person) : std::nullopt;
  }

 private:
  struct Row {
    DirectoryPerson person;
    Secret password;
    bool on = true;
  };
  static std::string KeyOf(const std::string& username) {
    return PrincipalKey(KeyType::kLdap, username);
  }
  static bool FitsNames(const DirectoryProof& proof, const std::string& name) {
    const std::string dn = FilledPattern(absl::StrCat("uid={user},", kBase), name);
    if (!proof.bind_dn.empty() && !IsSameDn(proof.bind_dn, dn)) return false;
    return proof.search_dn.empty() || IsSameDn(proof.search_dn, dn) ||
           IsSameDn(proof.search_dn, kBase);
  }

  DirectoryRules rules_{.finds = true};
  mutable absl::Mutex mutex_;
  std::map<std::string, Row> people_ ABSL_GUARDED_BY(mutex_);
  int entries_ ABSL_GUARDED_BY(mutex_) = 0;
  int asked_ ABSL_GUARDED_BY(mutex_) = 0;
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;
};

// Not thread-safe while directories are added.
class FakeDirectories final : public Directories {
 public:
  // Makes it where there is none.
  FakeDirectory& In(const std::string& company) {
    auto& directory = directories_[CompanyId(company)];
    if (directory == nullptr) directory = std::make_shared<FakeDirectory>();
    return *directory;
  }
  void Remove(const std::string& company) { directories_.erase(CompanyId(company)); }

  std::shared_ptr<Directory> Of(const CompanyId& company) const override {
    const auto found = directories_.find(company);
    return found == directories_.end() ? nullptr : found->second;
  }
  std::vector<CompanyId> Companies() const override {
    std::vector<CompanyId> companies;
    for (const auto& [company, directory] : directories_) companies.push_back(company);
    return companies;
  }

 private:
  std::map<CompanyId, std::shared_ptr<FakeDirectory>> directories_;
};

// Remembers what it was asked to make. Thread-safe.
class FakeProfiles final : public Profiles {
 public:
  void FailWith(absl::Status failure) {
    const absl::MutexLock lock(&mutex_);
    failure_ = std::move(failure);
  }
  std::map<UserId, DirectoryPerson> made() const {
    const absl::MutexLock lock(&mutex_);
    return made_;
  }

  absl::Status Ensure(const CallContext& /*call*/, const CompanyId& /*company*/, const UserId& user,
                      const DirectoryPerson& person) override {
    const absl::MutexLock lock(&mutex_);
    if (failure_.ok()) made_.emplace(user, person);
    return failure_;
  }

 private:
  mutable absl::Mutex mutex_;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  std::map<UserId, DirectoryPerson> made_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::auth
