metadata name = 'Alerts'
metadata description = 'Every alert, bound to an action group. docs/monitoring.md says for each what it means and what to do first.'

import { tagSet, watchedApp } from '../../types.bicep'

@export()
@description('When alerts fire.')
@sealed()
type thresholdSet = {
  @description('Minutes that a source may be down.')
  @minValue(1)
  @maxValue(1440)
  sourceDownMinutes: int

  @description('Least score of the quality gate.')
  @minValue(0)
  @maxValue(100)
  qualityScore: int

  @description('Least percent of a service level that is left.')
  @minValue(0)
  @maxValue(100)
  slaPercentLeft: int

  @description('Most percent of steps, or invocations, that fail.')
  @minValue(0)
  @maxValue(100)
  errorPercent: int

  @description('Most times of its own seven-day median that a step takes.')
  @minValue(1)
  @maxValue(100)
  slowness: int

  @description('Most percent in use of anything that has a limit.')
  @minValue(1)
  @maxValue(99)
  utilizationPercent: int

  @description('Most messages that wait in a queue for half an hour.')
  @minValue(1)
  queueBacklog: int

  @description('Minutes that the scheduler may be silent.')
  silentMinutes: 5 | 10 | 15 | 30
}

@description('A rule that queries the workspace.')
@sealed()
type logRule = {
  @description('Its name behind the prefix; also that of its query and of its heading in docs/monitoring.md.')
  name: string

  @description('Its name for people.')
  title: string

  @description('What it means when it fires.')
  meaning: string

  @description('1 needs a person now, 2 today, 3 this week.')
  severity: 1 | 2 | 3

  @description('The query.')
  query: string

  @description('The column that is compared.')
  measure: string

  @description('Columns that make an alert each.')
  dimensions: string[]

  @description('How it is compared.')
  operator: 'GreaterThan' | 'LessThan'

  @description('With what.')
  threshold: int

  @description('The time that the query sees, which is looked at as a whole: PT5M to P1D.')
  window: string

  @description('How often it is looked at.')
  every: 'PT5M' | 'PT15M' | 'PT1H'
}

@description('Required. What names begin with.')
param prefix string

@description('Required. Region.')
param location string

@description('Required. Tags of every resource.')
param tags tagSet

@description('Required. The workspace that log alerts query.')
param workspaceId string

@description('Required. Action group for what needs a person now.')
param criticalActionId string

@description('Required. Action group for what can wait.')
param warningActionId string

@description('Required. The Function Apps of all stamps.')
param apps watchedApp[]

@description('Required. The host storage accounts of all stamps.')
param hostStorageIds string[]

@description('Required. The data storage account.')
param dataStorageId string

@description('Required. The Event Hubs namespace.')
param eventHubsId string

@description('Required. The key vault.')
param vaultId string

@description('Required. When alerts fire.')
param thresholds thresholdSet

@description('Required. Most instances that each app may have, as its scale says.')
param maximumInstances {
  @description('The agents\' app.')
  @minValue(1)
  agents: int

  @description('The orchestrators\' app.')
  @minValue(1)
  orchestrators: int
}

@description('Required. Throughput units that the Event Hubs namespace may grow to.')
@minValue(1)
@maxValue(40)
param throughputUnits int

@description('Where the first thing to do is written.')
var guide = 'docs/monitoring.md#'

@description('The agents\' apps, one of each stamp, as literals of a query.')
var agents = join(map(filter(apps, app => app.kind == 'agents'), app => '"${app.name}"'), ', ')

@description('The rules that query the workspace.')
var rules logRule[] = [
  {
    name: 'source-down'
    title: 'A source is down'
    meaning: 'Every attempt to use the source has failed for longer than it may: it cannot be reached, does not answer in time, or has a fault of its own. Runs are retried by themselves; data come late, or from a fallback.'
    severity: 1
    query: loadTextContent('queries/source-down.kql')
    measure: 'MinutesDown'
    dimensions: ['Source']
    operator: 'GreaterThan'
    threshold: thresholds.sourceDownMinutes
    window: 'P1D'
    every: 'PT5M'
  }
  {
    name: 'quality-low'
    title: 'Quality is low'
    meaning: 'The last data of the source scored low at the quality gate. Below the dataset\'s own minimum nothing of them was published.'
    severity: 2
    query: loadTextContent('queries/quality-low.kql')
    measure: 'Score'
    dimensions: ['Source', 'Dataset']
    operator: 'LessThan'
    threshold: thresholds.qualityScore
    window: 'P1D'
    every: 'PT5M'
  }
  {
    name: 'sla-at-risk'
    title: 'A service level is nearly spent'
    meaning: 'Data that a schedule awaited have not been published and little is left of the time that was promised; below 0 the promise is broken.'
    severity: 1
    query: loadTextContent('queries/sla-at-risk.kql')
    measure: 'PercentLeft'
    dimensions: ['Source', 'Dataset']
    operator: 'LessThan'
    threshold: thresholds.slaPercentLeft
    window: 'PT15M'
    every: 'PT5M'
  }
  {
    name: 'step-errors'
    title: 'Many steps fail'
    meaning: 'Too large a part of the steps of an agent fails. One source that is down shows as source-down too; without that, the fault is ours.'
    severity: 1
    query: loadTextContent('queries/step-errors.kql')
    measure: 'PercentFailed'
    dimensions: ['Service']
    operator: 'GreaterThan'
    threshold: thresholds.errorPercent
    window: 'PT15M'
    every: 'PT5M'
  }
  {
    name: 'invocation-errors'
    title: 'Many invocations fail'
    meaning: 'Too large a part of the invocations of a function throws. A step that fails does not: this is a defect, or a service that the apps stand on.'
    severity: 1
    query: loadTextContent('queries/invocation-errors.kql')
    measure: 'PercentFailed'
    dimensions: ['App', 'Function']
    operator: 'GreaterThan'
    threshold: thresholds.errorPercent
    window: 'PT15M'
    every: 'PT5M'
  }
  {
    name: 'steps-slow'
    title: 'A step is slow'
    meaning: 'A step takes a multiple of the median of its own last seven days: a slow vendor, more data than usual, or too few instances.'
    severity: 2
    query: loadTextContent('queries/steps-slow.kql')
    measure: 'Slowness'
    dimensions: ['Source', 'Dataset', 'Step']
    operator: 'GreaterThan'
    threshold: thresholds.slowness
    window: 'PT1H'
    every: 'PT5M'
  }
  {
    name: 'instances-busy'
    title: 'Instances are busy'
    meaning: 'The instances of an app have little processor time or memory left. They scale by queues, not by memory: a job that is too large does not become smaller.'
    severity: 2
    query: loadTextContent('queries/instances-busy.kql')
    measure: 'Utilization'
    dimensions: ['App', 'Resource']
    operator: 'GreaterThan'
    threshold: thresholds.utilizationPercent
    window: 'PT15M'
    every: 'PT5M'
  }
  {
    name: 'sources-busy'
    title: 'A source\'s connections are busy'
    meaning: 'Nearly all connections, or requests at once, that a source allows are in use: its runs wait for each other.'
    severity: 3
    query: loadTextContent('queries/sources-busy.kql')
    measure: 'Utilization'
    dimensions: ['Source', 'Resource']
    operator: 'GreaterThan'
    threshold: thresholds.utilizationPercent
    window: 'PT15M'
    every: 'PT5M'
  }
  {
    name: 'quotas-busy'
    title: 'A vendor\'s quota is nearly spent'
    meaning: 'What a vendor allows in the period is nearly used. Requests wait for the next period by themselves, so data come late.'
    severity: 2
    query: loadTextContent('queries/quotas-busy.kql')
    measure: 'Utilization'
    dimensions: ['Quota', 'Period']
    operator: 'GreaterThan'
    threshold: thresholds.utilizationPercent
    window: 'P1D'
    every: 'PT15M'
  }
  {
    name: 'dead-letters'
    title: 'Something was given up'
    meaning: 'A run, or a message, was given up and kept as a dead letter. Nothing does it again by itself.'
    severity: 2
    query: loadTextContent('queries/dead-letters.kql')
    measure: 'Letters'
    dimensions: ['Kind', 'Source']
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
    every: 'PT5M'
  }
  {
    name: 'poison-messages'
    title: 'A poison queue is not emptied'
    meaning: 'Messages stay in a poison queue: the function that makes dead letters of them does not run.'
    severity: 1
    query: loadTextContent('queries/poison-messages.kql')
    measure: 'Messages'
    dimensions: ['App', 'Queue']
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT30M'
    every: 'PT5M'
  }
  {
    name: 'queue-backlog'
    title: 'A queue grows'
    meaning: 'Work waits in a queue faster than it is done.'
    severity: 2
    query: loadTextContent('queries/queue-backlog.kql')
    measure: 'Messages'
    dimensions: ['App', 'Queue']
    operator: 'GreaterThan'
    threshold: thresholds.queueBacklog
    window: 'PT30M'
    every: 'PT5M'
  }
  {
    name: 'scheduler-silent'
    title: 'The scheduler is silent'
    meaning: 'Nobody looks at the schedules of a stamp: no run begins by itself. Its agents\' app is down, cannot start, or cannot send telemetry.'
    severity: 1
    query: replace(loadTextContent('queries/scheduler-silent.kql'), '{agents}', agents)
    measure: 'Ticks'
    dimensions: ['App']
    operator: 'LessThan'
    threshold: 1
    window: 'PT${thresholds.silentMinutes}M'
    every: 'PT5M'
  }
  {
    name: 'schedules-broken'
    title: 'A schedule cannot be followed'
    meaning: 'The scheduler works, but fails at one source or more: its state or its schedule cannot be read.'
    severity: 2
    query: loadTextContent('queries/schedules-broken.kql')
    measure: 'Ticks'
    dimensions: []
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
    every: 'PT15M'
  }
  {
    name: 'nothing-finishes'
    title: 'No run comes to an end'
    meaning: 'Schedules asked for runs and for hours none has ended: the orchestrators\' app, or its task hub, stands still.'
    severity: 1
    query: loadTextContent('queries/nothing-finishes.kql')
    measure: 'Stuck'
    dimensions: []
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT3H'
    every: 'PT15M'
  }
  {
    name: 'not-ready'
    title: 'An app is not ready'
    meaning: 'A check of readiness fails on every instance of an app: what it names cannot be used. Its answer under /health/ready says why, with the role that is missing.'
    severity: 1
    query: loadTextContent('queries/not-ready.kql')
    measure: 'PercentReady'
    dimensions: ['App', 'Check']
    operator: 'LessThan'
    threshold: 50
    window: 'PT10M'
    every: 'PT5M'
  }
  {
    name: 'rows-unaccounted'
    title: 'Rows are unaccounted for'
    meaning: 'Rows in are not rows published, quarantined and merged away. Rows were lost, or counted twice: a defect.'
    severity: 1
    query: loadTextContent('queries/rows-unaccounted.kql')
    measure: 'Parts'
    dimensions: ['Source', 'Dataset']
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
    every: 'PT5M'
  }
  {
    name: 'critical-logs'
    title: 'Something critical was logged'
    meaning: 'An app logged what it cannot mend itself, such as a message that could not even be kept as a dead letter. The entry holds its content.'
    severity: 1
    query: loadTextContent('queries/critical-logs.kql')
    measure: 'Entries'
    dimensions: ['App']
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
    every: 'PT5M'
  }
  {
    name: 'telemetry-capped'
    title: 'No more telemetry is taken today'
    meaning: 'The workspace reached its daily cap: every other alert is blind until it is raised or the day ends.'
    severity: 1
    query: loadTextContent('queries/telemetry-capped.kql')
    measure: 'Times'
    dimensions: []
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT1H'
    every: 'PT15M'
  }
]

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: '${prefix}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.title
      description: '${rule.meaning} First thing to do: ${guide}${rule.name}'
      severity: rule.severity
      enabled: true
      autoMitigate: true
      scopes: [workspaceId]
      evaluationFrequency: rule.every
      windowSize: rule.window
      // In a new workspace nothing has been measured yet.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: rule.operator == 'LessThan' ? 'Minimum' : 'Maximum'
            metricMeasureColumn: rule.measure
            dimensions: [for dimension in rule.dimensions: { name: dimension, operator: 'Include', values: ['*'] }]
            operator: rule.operator
            threshold: rule.threshold
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: {
        actionGroups: [rule.severity == 1 ? criticalActionId : warningActionId]
        customProperties: { guide: '${guide}${rule.name}' }
      }
    }
  }
]

module platform 'platform.bicep' = {
  params: {
    prefix: prefix
    tags: tags
    guide: guide
    criticalActionId: criticalActionId
    warningActionId: warningActionId
    apps: apps
    hostStorageIds: hostStorageIds
    dataStorageId: dataStorageId
    eventHubsId: eventHubsId
    vaultId: vaultId
    utilizationPercent: thresholds.utilizationPercent
    maximumInstances: maximumInstances
    throughputUnits: throughputUnits
  }
}

module expiry 'expiry.bicep' = {
  params: {
    prefix: prefix
    location: location
    tags: tags
    workspaceId: workspaceId
    vaultId: vaultId
    guide: guide
    warningActionId: warningActionId
  }
}
