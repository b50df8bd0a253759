import Foundation

guard let command = Command(arguments: Array(CommandLine.arguments.dropFirst())) else {
  FileHandle.standardError.write(Data((Command.usage + "\n").utf8))
  exit(2)
}
do {
  try command.run()
} catch {
  FileHandle.standardError.write(Data("HeaderGenerator: \(error.message)\n".utf8))
  exit(1)
}
