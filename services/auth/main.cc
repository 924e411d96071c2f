// usher-auth: who may sign in, with what, and the tokens that say so.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/server/run_main.h"
#include "common/status/try.h"
#include "services/auth/bootstrap.h"
#include "services/auth/directory/directory_command.h"
#include "services/auth/key/key_commands.h"
#include "services/auth/mail/outbox_commands.h"
#include "services/auth/migrations.h"
#include "services/auth/parts.h"

namespace usher::auth {
namespace {

absl::Status Serve(const server::Options& options) {
  ASSIGN_OR_RETURN(Config config, ReadConfig());
  ASSIGN_OR_RETURN(const auto base, server::Foundation::Open(SizedFor(config, options),
                                                             db::WithShared(Migrations())));
  ASSIGN_OR_RETURN(std::unique_ptr<SmtpTransport> mail_server, OpenMail(config.mail));
  Stores stores{*base};
  Peers peers{*base};
  Wings wings{config, *base, stores, peers};
  RETURN_IF_ERROR(wings.directories.Read());
  base->AlsoOnHangup([&wings] { wings.directories.ReadAgain(); });
  Doors doors{*base, stores, wings};
  Rounds rounds{config, *base, stores, peers, wings, std::move(mail_server)};
  rounds.Start();
  return base->ServeUntilStopped(doors.source, doors.All());
}

absl::Status ChangeKeys(const server::Options& /*options*/) {
  ASSIGN_OR_RETURN(const AuthOptions own, ReadAuthOptions());
  return RunKeyCommand({own.signing_keys, own.pepper, own.lifetimes.access});
}

}  // namespace
}  // namespace usher::auth

int main(int argc, char** argv) {
  std::vector<std::string> words = usher::auth::WithNamedUser(argc, argv);
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return usher::server::RunMain(
      argc, pointers.data(),
      {.service = "auth",
       .migrations = usher::auth::Migrations(),
       .serve = usher::auth::Serve,
       .bootstrap = usher::auth::Bootstrap,
       .commands = {{usher::auth::KeyCommandGiven, usher::auth::ChangeKeys},
                    {usher::auth::OutboxCommandGiven, usher::auth::RunOutboxCommand},
                    {usher::auth::DirectoryCommandGiven, usher::auth::RunDirectoryCommand}}});
}
