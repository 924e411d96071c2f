// Companies in memory.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/status/try.h"
#include "services/company/company_store.h"

namespace usher::company {

// Not thread-safe. Held to company_store_contract.h, like the real one.
class FakeCompanyStore final : public CompanyStore {
 public:
  absl::StatusOr<std::vector<Company>> FindSome(const CallContext&,
                                                const std::vector<CompanyId>& ids) override {
    std::vector<Company> found;
    for (const auto& [id, company] : companies_) {
      for (const CompanyId& wanted : ids) {
        if (wanted == id) {
          found.push_back(company);
          break;
        }
      }
    }
    return found;
  }

  absl::StatusOr<std::vector<Company>> List(const CallContext&, const CompanyId& first,
                                            uint32_t limit) override {
    std::vector<Company> found;
    for (auto at = companies_.lower_bound(first); at != companies_.end(); ++at) {
      if (found.size() == limit) break;
      found.push_back(at->second);
    }
    return found;
  }

  absl::StatusOr<bool> IsTaken(const CallContext&, const CompanyId& id) override {
    return companies_.count(id) > 0;
  }

  absl::StatusOr<std::optional<Company>> Update(const CallContext&, const CompanyId& id,
                                                const CompanyChange& change) override {
    const auto found = companies_.find(id);
    if (found == companies_.end()) return std::optional<Company>();
    Company company = found->second;
    if (!change.display_name.empty()) company.display_name = change.display_name;
    if (change.branding.has_value()) company.branding = *change.branding;
    company.metadata = text::MergeMetadata(company.metadata, change.metadata);
    RETURN_IF_ERROR(text::CheckMetadata("company.metadata", company.metadata));
    found->second = company;
    return std::optional<Company>(company);
  }

  absl::StatusOr<bool> InsertActive(const CallContext&, const Company& company) override {
    return companies_.emplace(company.id, company).second;
  }

 private:
  std::map<CompanyId, Company> companies_;
};

}  // namespace usher::company
