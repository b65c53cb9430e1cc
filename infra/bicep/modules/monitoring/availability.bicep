metadata name = 'Availability'
metadata description = 'Tests from outside whether an address answers. An app without a public address cannot be tested so: there the alerts scheduler-silent and not-ready tell.'

import { tagSet } from '../../types.bicep'

@description('Required. What names begin with.')
param prefix string

@description('Required. Region.')
param location string

@description('Required. Tags of every resource.')
param tags tagSet

@description('Required. The Application Insights component that keeps the results.')
param componentId string

@description('Required. Addresses that must answer 200; none where nothing is public.')
param urls string[]

@description('Required. Action group that hears of an outage.')
param criticalActionId string

@description('Where from: https://learn.microsoft.com/azure/azure-monitor/app/availability#location-population-tags')
var places = ['emea-nl-ams-azr', 'emea-gb-db3-azr', 'us-va-ash-azr', 'us-ca-sjc-azr', 'apac-sg-sin-azr']

resource tests 'Microsoft.Insights/webtests@2022-06-15' = [
  for (url, i) in urls: {
    name: 'test-${prefix}-${i}'
    location: location
    tags: union(tags, { 'hidden-link:${componentId}': 'Resource' })
    kind: 'standard'
    properties: {
      SyntheticMonitorId: 'test-${prefix}-${i}'
      Name: url
      Description: 'Does ${url} answer 200?'
      Enabled: true
      Frequency: 300
      Timeout: 30
      Kind: 'standard'
      RetryEnabled: true
      Locations: [for place in places: { Id: place }]
      Request: { RequestUrl: url, HttpVerb: 'GET', ParseDependentRequests: false, FollowRedirects: false }
      ValidationRules: { ExpectedHttpStatusCode: 200, SSLCheck: true, SSLCertRemainingLifetimeCheck: 14 }
    }
  }
]

resource alerts 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for (url, i) in urls: {
    name: '${prefix}-address-unavailable-${i}'
    location: 'global'
    tags: union(tags, { 'hidden-link:${componentId}': 'Resource', 'hidden-link:${tests[i].id}': 'Resource' })
    properties: {
      description: '${url} does not answer 200 when asked from at least two places of the world. First thing to do: docs/monitoring.md#address-unavailable'
      severity: 1
      enabled: true
      autoMitigate: true
      scopes: [tests[i].id, componentId]
      evaluationFrequency: 'PT1M'
      windowSize: 'PT5M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
        webTestId: tests[i].id
        componentId: componentId
        failedLocationCount: 2
      }
      actions: [{ actionGroupId: criticalActionId, webHookProperties: { guide: 'docs/monitoring.md#address-unavailable' } }]
    }
  }
]
