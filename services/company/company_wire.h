// Companies as messages.
#pragma once

#include <companyService/companyService.pb.h>

#include <vector>

#include "absl/status/statusor.h"
#include "services/company/companies.h"
#include "services/company/company.h"

namespace usher::company {

// RANGE_ERROR for a limit above 1,000, MAX_SIZE_EXCEEDED for more than 1,000 IDs. What
// no company can be called is left out.
absl::StatusOr<ListWish> FromWire(const ::companyService::CompanyListRequest& request);

// PROTOCOL_ERROR, MAX_SIZE_EXCEEDED or RANGE_ERROR for what a company cannot have. Owner and date
// of creation are not the client's to change, and are left alone.
absl::StatusOr<CompanyChange> FromWire(const ::common::Company& wire);

// The company that is to be founded, without its ID. Errors as above.
absl::StatusOr<Company> DraftFromWire(const ::common::Company& wire);

// PROTOCOL_ERROR for an address that is none. All else the services say that read it.
absl::StatusOr<FirstAdministrator> FromWire(const ::user::UserCreateRequest& request);

::common::Company ToWire(const Company& company);

// ReplyTooLarge, and an empty reply, when one message cannot hold them.
absl::Status ToWire(const std::vector<Company>& companies, bool ids_only,
                    ::companyService::CompanyListReply* reply);

}  // namespace usher::company
