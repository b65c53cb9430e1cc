metadata description = 'The types that the modules share.'

@export()
@description('An environment. It decides defaults, and what is refused.')
type environment = 'dev' | 'staging' | 'preprod' | 'prod'

@export()
@description('Tags: text by name.')
type tagSet = {
  @description('A tag.')
  *: string
}

@export()
@description('A deployed version: two Function Apps, their host storage and their task hub.')
@sealed()
type stamp = {
  @description('Its colour.')
  name: stampName

  @description('The part of all sources that its scheduler starts, from-to in percent of a ring of hashes: 0-100 all, 0-0 none. The parts of all stamps make up 0-100.')
  share: string
}

@export()
@description('The colour of a stamp.')
type stampName = 'blue' | 'green'

@export()
@description('How far a Flex Consumption app scales.')
@sealed()
type scale = {
  @description('Memory of an instance.')
  instanceMemoryMB: 512 | 2048 | 4096

  @description('Most instances of the whole app. Flex Consumption has no maximum for a function.')
  @minValue(1)
  @maxValue(1000)
  maximumInstanceCount: int

  @description('Instances that always run, for a group (http, durable) or a function (function:Name).')
  alwaysReady: alwaysReady[]
}

@export()
@description('Instances that are kept for a group of functions or one function.')
@sealed()
type alwaysReady = {
  @description('http, durable, or function:Name.')
  name: string

  @description('How many.')
  @minValue(0)
  instanceCount: int
}

@export()
@description('A Function App that monitoring watches.')
@sealed()
type watchedApp = {
  @description('Its name.')
  name: string

  @description('Its resource id.')
  id: string

  @description('Which app.')
  kind: 'agents' | 'orchestrators'

  @description('Its stamp.')
  stamp: stampName

  @description('Its host name, without scheme.')
  hostName: string
}
