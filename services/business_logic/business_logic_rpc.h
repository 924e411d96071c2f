// businessLogicService.BusinessLogicService: wire to domain and back.
#pragma once

#include <businessLogicService/businessLogicService.pb.h>

#include "common/rpc/call/service.h"
#include "common/rpc/gate/gate.h"
#include "services/business_logic/favorites.h"
#include "services/business_logic/permission_groups.h"

namespace usher::business_logic {

class BusinessLogicRpc final : public rpc::Service {
 public:
  BusinessLogicRpc(rpc::Gate& gate, Favorites& favorites, PermissionGroups& groups);

 private:
  absl::Status ListFavorites(const Caller& caller,
                             const ::businessLogicService::FavoritesListRequest& request,
                             ::businessLogicService::FavoritesListReply& reply);
  absl::Status UpdateFavorites(const Caller& caller,
                               const ::businessLogicService::FavoritesUpdateRequest& request,
                               ::businessLogicService::FavoritesUpdateReply& reply);
  absl::Status ListPermissionGroups(
      const Caller& caller,
      const ::businessLogicService::CompanyPermissionGroupsListRequest& request,
      ::businessLogicService::CompanyPermissionGroupsListReply& reply);

  Favorites& favorites_;
  PermissionGroups& groups_;
};

}  // namespace usher::business_logic
