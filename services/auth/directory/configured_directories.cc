#include "services/auth/directory/configured_directories.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/status/try.h"

namespace usher::auth {

absl::Status ConfiguredDirectories::Read() {
  if (path_.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<DirectorySettings> all, LoadDirectories(path_));
  const std::shared_ptr<const ByCompany> before = current();
  auto after = std::make_shared<ByCompany>();
  for (DirectorySettings& settings : all) {
    const CompanyId company = settings.company;
    if (settings.plaintext) {
      log::Warning("passwords for a directory travel in the clear",
                   {{"company", company.value()}, {"url", settings.urls.front()}});
    }
    const auto same = before->find(company);
    (*after)[company] =
        same != before->end() && IsSame(same->second->settings(), settings)
            ? same->second
            : std::make_shared<LdapDirectory>(std::move(settings), registry_, clock_);
  }
  const absl::MutexLock lock(&mutex_);
  current_ = std::move(after);
  return absl::OkStatus();
}

void ConfiguredDirectories::ReadAgain() {
  if (path_.empty()) return;
  const absl::Status read = Read();
  if (read.ok()) {
    log::Info("the directories were read again",
              {{"file", path_}, {"directories", absl::StrCat(current()->size())}});
  } else {
    log::Warning("the directories stay as they were", {{"error", read.message()}});
  }
}

std::shared_ptr<Directory> ConfiguredDirectories::Of(const CompanyId& company) const {
  const std::shared_ptr<const ByCompany> all = current();
  const auto found = all->find(company);
  return found == all->end() ? nullptr : found->second;
}

std::vector<CompanyId> ConfiguredDirectories::Companies() const {
  std::vector<CompanyId> companies;
  for (const auto& [company, directory] : *current()) companies.push_back(company);
  return companies;
}

std::shared_ptr<const ConfiguredDirectories::ByCompany> ConfiguredDirectories::current() const {
  const absl::MutexLock lock(&mutex_);
  return current_;
}

}  // namespace usher::auth
